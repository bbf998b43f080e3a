/** @jsxImportSource preact */
// Icons, drawn as strokes in the colour of the surrounding text.

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}

const PATHS = {
  overview: 'M4 5h16M4 12h10M4 19h6M18 11v9M15 17l3 3 3-3',
  sessions:
    'M5 18a2 2 0 1 0 4 0 2 2 0 0 0-4 0M15 6a2 2 0 1 0 4 0 2 2 0 0 0-4 0M9 18h5a3.5 3.5 0 0 0 0-7h-4a3.5 3.5 0 0 1 0-5h5',
  live: 'M4 12h3l2-7 4 14 3-9 1 2h3',
  incidents: 'M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6zM12 8v4.5M12 16v.01',
  health:
    'M12 20s-7.5-4.6-9-9.3C2 7.5 4 5 6.8 5c2.2 0 3.9 1.3 5.2 3 1.3-1.7 3-3 5.2-3C20 5 22 7.5 21 10.7 19.5 15.4 12 20 12 20',
  data: 'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  download: 'M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 11l5 5 5-5M12 4v12',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  logout: 'M14 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2v-2M9 12h12M18 9l3 3-3 3',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  check: 'M5 12.5l4.5 4.5L19 7',
} as const
