/** @jsxImportSource preact */
/** Pauses what renews itself, and says when the server cannot be reached. */
export const LiveNote = () => (
  <>
    <button class="btn btn-sm" type="button" data-pause aria-pressed="false">
      Pause
    </button>
    <span class="is-bad" role="status" data-offline hidden>
      offline: the server does not answer
    </span>
  </>
)
