// Versions of Flow JSON that Meta has published ("Flows changelog").

const PUBLISHED = ['2.1', '3.0', '3.1', '4.0', '5.0', '5.1', '6.0', '6.1', '6.2', '6.3', '7.0', '7.1', '7.2', '7.3']

export const NEWEST = '7.3'

/** `7.3` as 703, so that versions can be compared. Undefined if the text is no version. */
export function versionNumber(text: string): number | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,2})$/.exec(text) ?? []
  return major === undefined ? undefined : Number(major) * 100 + Number(minor)
}

/** Of a version in our own tables. */
export const numberOf = (version: string): number => versionNumber(version) ?? 0

export const isPublished = (version: string): boolean => PUBLISHED.includes(version)

export const isNewerThanKnown = (version: number): boolean => version > numberOf(NEWEST)
