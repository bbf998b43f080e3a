/** The file that `sqlite:PATH` names; undefined for any other address. */
export const sqliteFileOf = (uri: string): string | undefined => /^sqlite:(.+)$/s.exec(uri)?.[1]
