// What the map of a flow is made of: screens and links, and where they stand.

export type MapScreen = {
  readonly id: string
  readonly title: string
  /** The step of the funnel, counted from 0. Absent: a screen outside the funnel. */
  readonly layer?: number
  /** What came to the screen: `entries`, links from other screens, and `loops`. */
  readonly visits: number
  /** Paths that began here. */
  readonly entries: number
  /** How often the screen came right after itself. */
  readonly loops: number
  /** Paths that ended here. */
  readonly completed: number
  readonly open: number
  readonly lost: number
}

/** Both ends are screens of the map. */
export type MapLink = { readonly from: string; readonly to: string; readonly count: number }

export type MapLayout = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly MapNode[]
  /** Links that lead to a later column. */
  readonly ribbons: readonly Ribbon[]
  /** The other links. */
  readonly backLinks: readonly BackLink[]
}

/** The bar of a screen: from the upper left corner at `x`, `y`. Its name stands above it, its endings below it. */
export type MapNode = {
  readonly screen: MapScreen
  readonly column: number
  readonly x: number
  readonly y: number
  readonly height: number
  /** The width for the texts above and below. */
  readonly room: number
  /** On the left side. */
  readonly entries: Stub
  /** On the right side, at the lower end. */
  readonly completed: Stub
  readonly open: Stub
  readonly lost: Stub
  /** Links of a screen to itself are loops, too. */
  readonly loops: number
}

/** A piece of a node's side. */
export type Stub = { readonly y: number; readonly height: number }

/** Its upper and lower edge at each `x`, from the node where it begins, through the columns between, to the other node. */
export type Ribbon = MapLink & {
  readonly points: readonly { readonly x: number; readonly top: number; readonly bottom: number }[]
}

export type BackLink = MapLink & {
  /** The corners of the line. */
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Where its count stands: the end of the text, the middle of its height. */
  readonly label: { readonly x: number; readonly y: number }
}

/** Pixels. `label`: for the name and the number above a bar; `ending`: for each line below it. */
export const SIZE = {
  bar: 16,
  leastBar: 6,
  label: 36,
  ending: 14,
  leastText: 80,
  mostText: 160,
  mostPitch: 250,
  width: 1100,
  left: 40,
  /** All bars of the fullest column. */
  bars: 240,
  /** The strip before each column in which lines go up and down; no text reaches into it. */
  corridor: 22,
} as const
