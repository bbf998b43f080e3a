/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { Icon } from './icons.tsx'

type PagerProps = { readonly newer?: string; readonly older?: string }

/** To the sessions before and after in a list. */
export const Pager = ({ newer, older }: PagerProps): JSX.Element => (
  <span class="btn-list">
    {newer && (
      <a class="btn btn-sm" href={newer} rel="prev">
        <Icon name="left" />
        Newer
      </a>
    )}
    {older && (
      <a class="btn btn-sm" href={older} rel="next">
        Older
        <Icon name="right" />
      </a>
    )}
  </span>
)
