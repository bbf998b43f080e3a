// Asks for the parts of a page that change: elements with `data-every`, in seconds. Not while the tab is hidden or the person paused.
const SECOND = 1_000
let seconds = 0
let isPaused = false

setInterval(() => {
  if (document.hidden || isPaused) return
  seconds++
  for (const part of document.querySelectorAll('[data-every]'))
    if (seconds % Number(part.dataset.every) === 0) htmx.trigger(part, 'tick')
}, SECOND)

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-pause]')
  if (!button) return
  isPaused = !isPaused
  button.setAttribute('aria-pressed', String(isPaused))
  button.textContent = isPaused ? 'Go on' : 'Pause'
})

const show = (isOffline) => {
  for (const note of document.querySelectorAll('[data-offline]')) note.hidden = !isOffline
}
document.addEventListener('htmx:error', () => show(true))
document.addEventListener('htmx:after:swap', () => {
  show(false)
  // The button of another page begins anew.
  if (document.querySelector('[data-pause][aria-pressed=true]') === null) isPaused = false
})
