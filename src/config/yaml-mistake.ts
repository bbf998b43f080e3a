import type { ErrorCode } from 'yaml'

/** Replaces the parser's messages, which quote the text and so possibly a secret. */
export function yamlMistake(code: ErrorCode, key: string): string {
  if (code === 'DUPLICATE_KEY') return `\`${key}\` is written twice in the same mapping; keep one of them`
  return SENTENCES[code] ?? 'this is not valid YAML'
}

const NEEDS_QUOTES = 'a text with : # { } [ ] or , in it, such as a $ reference inside { }, needs quotes around it'
const BAD_KEY = `a key must begin its own line, at the same column as its neighbours; ${NEEDS_QUOTES}`
const BAD_ALIAS = 'an anchor (&) or alias (*) is not written right; quote a value that begins with & or *'

const SENTENCES: { readonly [code in ErrorCode]?: string } = {
  ALIAS_PROPS: BAD_ALIAS,
  BAD_ALIAS,
  MULTIPLE_ANCHORS: BAD_ALIAS,
  BAD_DQ_ESCAPE: 'in double quotes a backslash begins an escape; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'the indentation or a closing bracket is wrong here; the keys of one mapping begin at the same column',
  BAD_SCALAR_START: 'a text that begins with @ or ` needs quotes around it',
  BLOCK_AS_IMPLICIT_KEY: BAD_KEY,
  MULTILINE_IMPLICIT_KEY: BAD_KEY,
  MISSING_CHAR: 'a closing quote, a closing bracket or a colon after a key is missing here',
  MULTIPLE_DOCS: 'expected one document in the file; remove this `---`',
  NON_STRING_KEY: 'expected a plain text as key',
  TAB_AS_INDENT: 'expected spaces as indentation, found a tab',
  TAG_RESOLVE_FAILED: 'tags (!) are not understood here; quote a value that begins with !',
  UNEXPECTED_TOKEN: `this does not belong here; ${NEEDS_QUOTES}`,
}
