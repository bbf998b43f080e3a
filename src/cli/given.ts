import { InvalidArgumentError } from 'commander'

/** Refuses an empty value, as a shell passes it for a variable that is not set: `restore "$BACKUP"`. `what`: that is expected. */
export const given =
  (what: string) =>
  (value: string): string => {
    if (value === '') throw new InvalidArgumentError(`Expected ${what}.`)
    return value
  }

/** The same of several. */
export const eachGiven =
  (what: string) =>
  (value: string, before: readonly string[] = []) => [...before, given(what)(value)]
