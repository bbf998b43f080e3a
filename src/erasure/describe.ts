// What an erasure did, or would do, in words.

import { plural } from '../lib/plural.ts'
import type { InstantSpan } from './frozen-span.ts'
import { isNothing, type Preview } from './preview.ts'
import type { ErasureResult } from './requests.ts'

export function describeErased(result: ErasureResult): string {
  const { events, sessions, files, frozen, backups } = result
  if (events + sessions + files === 0 && !frozen)
    return [NOTHING_FOUND, ...(backups.length > 0 ? [`${plural(backups.length, 'backup')} ${MAY_HAVE}`] : [])].join(' ')
  return [
    `Erased ${plural(events, 'event')} and ${plural(sessions, 'session')}${files > 0 ? `, and wrote ${plural(files, 'file')} of the archive anew` : ''}.`,
    ...frozenText(frozen),
    ...backupsText(backups),
  ].join(' ')
}

const NOTHING_FOUND = 'Nothing of this person was found.'

/** Who left the store before, as retention lets people leave, is in older backups all the same. */
const MAY_HAVE = 'made before may still have something, until backup.keep newer ones have taken their place.'

export function describePreview(preview: Preview): string[] {
  const { tokens, events, sessions, sharedEvents, files, archivedEvents, frozen, unread } = preview
  if (isNothing(preview)) return ['There is nothing of this person.', ...unread]
  return [
    `There ${sessions === 1 ? 'is' : 'are'} ${plural(sessions, 'session')} and ${plural(events, 'event')}, under ${plural(tokens, 'flow token')}.`,
    ...(sharedEvents > 0
      ? [
          `${plural(sharedEvents, 'event')} of these ${sharedEvents === 1 ? 'is' : 'are'} under a token that nobody has alone; the others under it are left.`,
        ]
      : []),
    ...(files > 0
      ? [
          `${plural(files, 'file')} of the archive ${files === 1 ? 'has' : 'have'} ${plural(archivedEvents, 'event')} of theirs.`,
        ]
      : []),
    ...frozenText(frozen),
    ...unread,
  ]
}

/** Also what an erasure promises for later. */
export const LATER = 'After a restore or an import they are erased again. What comes from them later is kept as usual.'

const frozenText = (frozen: InstantSpan | undefined): string[] =>
  frozen
    ? [
        `The numbers of hours from ${iso(frozen.from)} to ${iso(frozen.until)} are frozen, and go on counting them for good.`,
      ]
    : []

const backupsText = (backups: readonly string[]): string[] =>
  backups.length === 0
    ? []
    : [
        `Backups made before still have them, until backup.keep newer ones have taken their place: ${backups.join(', ')}.`,
      ]

const iso = (at: number): string => new Date(at).toISOString()
