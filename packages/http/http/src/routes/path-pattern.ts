import { LarderError } from '@larder/core'
import { decodeLiterals } from './path-readings'

/** A path pattern as an expression, with the names of its groups. */
export interface PathPattern {
  /** Ignores upper and lower case and a slash at the end, as most routers do. */
  readonly expression: RegExp
  /** Matches paths that are spelled as the pattern. */
  readonly exact: RegExp
  readonly names: readonly string[]
  /** Paths such that a pattern that matches all of them matches every path of this one. */
  readonly samples: readonly string[]
}

/** Characters that no path contains as they are, and modifiers of names: they can only be another framework's syntax. */
const foreignSyntax = /[?#[\]{}|\\^<>"`\t\r\n]|:\w+[(*+]|\*[\w(+*]/

/** Splits a pattern at `:name` and `*`, which are then every second piece. */
const groups = /(:\w+|\*)/

/** A character for private use: no pattern contains it, so that only `:name` and `*` match it. */
const anyText = '\uE000'

/** More segments than a pattern has, so that only `*` matches them. */
const manySegments = Array.from({ length: 100 }, () => anyText).join('/')

/**
 * Parses a path pattern: literal text, `:name` for text without a slash, and `*` for any text. `/a/*` also matches `/a`.
 * @throws LarderError `BAD_OPTION` for the syntax of other frameworks, such as `:id?` or `(a|b)`.
 */
export function parsePattern(route: string, path: string): PathPattern {
  const foreign = foreignSyntax.exec(path)
  if (foreign !== null)
    throw new LarderError(
      'BAD_OPTION',
      `routes['${route}']: a path is literal text with :name and *, but "${foreign[0]}" is neither. Write a route for each form; an escape stands for a character that is meant literally ("%3F" for "?").`,
    )
  const pieces = (path === '*' ? '/*' : path.replace(/(?<=.)\/$/, ''))
    .split(groups)
    .map((text, index) => (index % 2 === 1 ? { group: text } : { text: decodeText(route, text) }))
  const source = pieces
    .map(pieceSource)
    .join('')
    // A wildcard as the last segment may be missing, and its slash with it.
    .replace(/\/\(\.\*\)$/, '(?:/(.*))?')
  return {
    expression: new RegExp(`^${source}/?$`, 'is'),
    exact: new RegExp(`^${source}$`, 's'),
    names: pieces.flatMap(({ group }) => (group === undefined ? [] : [group.replace(':', '')])),
    samples: ['', anyText, manySegments].map((rest) => samplePath(pieces, rest)),
  }
}

/** Literal text, or a group: `:name` or `*`. */
type Piece =
  | { readonly text: string; readonly group?: never }
  | { readonly group: string; readonly text?: never }

function pieceSource({ text, group }: Piece): string {
  if (text !== undefined) return text.replace(/[$()*+.]/g, '\\$&')
  return group === '*' ? '(.*)' : '([^/]+?)'
}

function samplePath(pieces: readonly Piece[], rest: string): string {
  return pieces.map(({ text, group }) => text ?? (group === '*' ? rest : anyText)).join('')
}

function decodeText(route: string, text: string): string {
  const decoded = decodeLiterals(text)
  if (decoded !== undefined) return decoded
  throw new LarderError(
    'BAD_OPTION',
    `routes['${route}']: "${text}" has an invalid percent-encoding. Write the text itself, with "%25" for "%".`,
  )
}
