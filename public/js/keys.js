// Keys, unless the account has switched them off: `g` and a letter leads to an area, `j` and `k` walk the rows, `/` goes to the
// filters, `?` shows the list. Not while somebody types.
const LONGEST_PAUSE = 1_500
let gPressedAt = Number.NEGATIVE_INFINITY

const isTyping = (element) => element.closest?.('input, select, textarea, [contenteditable]') !== null

function walk(by) {
  const links = [...document.querySelectorAll('tbody tr th a')]
  const here = links.findIndex((link) => link.closest('tr').contains(document.activeElement))
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by
  links[next]?.focus()
}

const ACTIONS = {
  j: () => walk(1),
  k: () => walk(-1),
  '/': () => document.querySelector('main form select, main form input:not([type=hidden])')?.focus(),
  '?': () => document.getElementById('keys')?.showModal(),
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  if (document.body.dataset.keys !== 'on') return
  const isAfterG = event.timeStamp - gPressedAt < LONGEST_PAUSE
  gPressedAt = Number.NEGATIVE_INFINITY
  const area = isAfterG && document.querySelector(`.main-nav-link[data-key="${CSS.escape(event.key)}"]`)
  if (area) area.click()
  else if (event.key === 'g') gPressedAt = event.timeStamp
  else if (ACTIONS[event.key]) ACTIONS[event.key]()
  else return
  event.preventDefault()
})
