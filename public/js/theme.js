// Light or dark, as the account says or else as the system does, and light on paper; loaded before the page is drawn, so that it never flashes.
const dark = matchMedia('(prefers-color-scheme: dark)')
const paper = matchMedia('print')
const root = document.documentElement
const theme = () => (paper.matches ? 'light' : (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')))
const apply = () => root.setAttribute('data-bs-theme', theme())
dark.addEventListener('change', apply)
paper.addEventListener('change', apply)
apply()
