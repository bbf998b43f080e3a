// Light or dark, as the account says or else as the system does; loaded before the page is drawn, so that it never flashes.
const dark = matchMedia('(prefers-color-scheme: dark)')
const root = document.documentElement
const apply = () => root.setAttribute('data-bs-theme', root.dataset.theme ?? (dark.matches ? 'dark' : 'light'))
dark.addEventListener('change', apply)
apply()
