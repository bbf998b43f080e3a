/** @jsxImportSource preact */
const KEYS = [
  ['g o', 'Overview'],
  ['g s', 'Sessions'],
  ['g l', 'Live'],
  ['g i', 'Incidents'],
  ['g d', 'Data'],
  ['g h', 'Health'],
  ['j', 'Next row'],
  ['k', 'Row before'],
  ['/', 'To the filters'],
  ['?', 'This list'],
] as const

export const KeysHelp = () => (
  <dialog class="keys" id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys</h2>
    <dl>
      {KEYS.map(([key, meaning]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button class="btn btn-sm" type="submit">
        Close
      </button>
    </form>
  </dialog>
)
