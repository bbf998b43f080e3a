// What a page says about the map of a flow.

import type { ChartText } from '../chart-frame.tsx'
import type { MapLink, MapScreen } from './model.ts'

export type ScreenMapView = ChartText & {
  readonly screens: readonly MapScreenView[]
  readonly links: readonly MapLinkView[]
  /** A screen whose links are emphasised. */
  readonly focus?: string
}

export type MapScreenView = MapScreen & {
  readonly href?: string | undefined
  /** The addresses of the paths that ended here. */
  readonly hrefs?: { readonly [ending in 'completed' | 'open' | 'lost']?: string | undefined }
  /** How many people are here now. */
  readonly people?: number
}

export type MapLinkView = MapLink & { readonly href?: string | undefined }
