/** @jsxImportSource preact */
import { whole } from '../numbers.ts'
import { Card, withNote } from './card.tsx'
import { Problem } from './problem.tsx'
import { numeric, Table } from './table.tsx'
import { type LocalTime, Time } from './time.tsx'

export type BackupsView = {
  /** Newest first. */
  readonly backups: readonly BackupView[]
  /** Where they are, how many stay, and when they are made. */
  readonly rules: string
  /** What is wrong with them. */
  readonly trouble?: string
  readonly drill?: { readonly at: LocalTime; readonly name: string; readonly differences: readonly string[] }
  /** The commands, in order, with what each does. */
  readonly restore: readonly { readonly does: string; readonly command?: string }[]
  /** What is in no backup: files, and names of environment variables. */
  readonly beside: { readonly files: readonly string[]; readonly variables: readonly string[] }
}

type BackupView = {
  readonly name: string
  readonly madeAt: LocalTime
  readonly size: string
  readonly events: number
  readonly sessions: number
}

export function Backups({ backups, rules, trouble, drill, restore, beside }: BackupsView) {
  return (
    <Card id="backups" heading={withNote('Backups', 'each was read back before it got its name')}>
      <div class="card-body">
        <Problem text={trouble} />
        <p>{rules}</p>
        <Drill drill={drill} />
      </div>
      {backups.length > 0 && (
        <Table
          caption="Backups, newest first"
          columns={['Backup', 'When', ...['Size', 'Events', 'Sessions'].map(numeric)]}
          rows={backups.map(({ name, madeAt, size, events, sessions }) => [
            <code>{name}</code>,
            <Time time={madeAt} />,
            size,
            whole(events),
            whole(sessions),
          ])}
          isListOnPhone
        />
      )}
      <details class="card-body">
        <summary>How to restore</summary>
        <ol class="restore-steps">
          {restore.map(({ does, command }) => (
            <li>
              {does}
              {command !== undefined && <code class="command">{command}</code>}
            </li>
          ))}
        </ol>
        <p>In no backup are these files; keep copies of them elsewhere:</p>
        <CommandList lines={beside.files} />
        {beside.variables.length > 0 && (
          <>
            <p>Neither are the values of these environment variables:</p>
            <CommandList lines={beside.variables} />
          </>
        )}
      </details>
    </Card>
  )
}

const CommandList = ({ lines }: { readonly lines: readonly string[] }) => (
  <ul>
    {lines.map((line) => (
      <li>
        <code class="command">{line}</code>
      </li>
    ))}
  </ul>
)

function Drill({ drill }: { readonly drill: BackupsView['drill'] | undefined }) {
  if (!drill)
    return (
      <p>
        None was ever restored to try it. <code>screentrail drill</code> does so in a scratch place, beside the server.
      </p>
    )
  const { at, name, differences } = drill
  return (
    <p>
      {'Last drill: '}
      <Time time={at} />
      {`, ${name}: `}
      {differences.length === 0 ? (
        'it comes back as it was.'
      ) : (
        <span class="is-bad">{`not as it was: ${differences.join('; ')}.`}</span>
      )}
    </p>
  )
}
