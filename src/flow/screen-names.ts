// What the screens of a flow are called where people read of them: by the titles that stand on the phone.

import type { Titles } from '../flow-json/titles.ts'
import { isolated } from '../lib/isolated.ts'
import { own } from '../lib/json.ts'

/** The title of a screen; its id where it has none; both where another screen has the same title. */
export function screenNamer(titles: Titles): (screen: string) => string {
  const all = Object.values(titles)
  const shared = new Set(all.filter((title, index) => all.indexOf(title) !== index || Object.hasOwn(titles, title)))
  return (screen) => {
    const title = own(titles, screen)
    if (title === undefined) return screen
    return shared.has(title) && title !== screen ? `${isolated(title)} (${screen})` : isolated(title)
  }
}
