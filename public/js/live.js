// Asks for the parts of a page that change: elements with `data-every`, milliseconds. Not while the tab is hidden or the person paused.
let isPaused = false
for (const part of document.querySelectorAll('[data-every]')) {
  setInterval(() => {
    if (!document.hidden && !isPaused) htmx.trigger(part, 'tick')
  }, Number(part.dataset.every))
}
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
document.addEventListener('htmx:after:swap', () => show(false))
