/**
 * Paths that routers may read in more than one way: with escapes, parameters (`;`), empty or dot segments, or characters
 * that RFC 3986 §3.3 does not allow.
 */
const unusualPath = /[^\w/~!$&'()*+,=:@.-]|\/\/|\/\.{1,2}(?:\/|$)/

const invalidPath = /[^\w/~!$&'()*+,=:@.;%-]/

/** Characters that divide a path or end it: routers leave their escapes as they are when they look for a route. */
const delimiterEscapes = /%(?=2[3456BCF]|3[ABDF]|40)/gi

/** Whether every router reads the path as it stands. */
export function isUsualPath(path: string): boolean {
  return path.startsWith('/') && !unusualPath.test(path)
}

/**
 * The paths that routers may make of `path`: with all escapes decoded or all but those of delimiters; repeated slashes
 * collapsed or not; cut at a semicolon or not; dot segments resolved or not. The first one is that of most routers, with
 * delimiters still escaped. Empty for a path that is invalid, which routers refuse or repair in their own ways.
 */
export function readingsOf(path: string): readonly string[] {
  if (!path.startsWith('/') || invalidPath.test(path)) return []
  const literals = decodeLiterals(path)
  const decoded = decodeEscapes(path)
  if (literals === undefined || decoded === undefined) return []
  let readings = new Set([literals, decoded])
  for (const read of [collapseSlashes, cutParameters, resolveDots, collapseSlashes])
    readings = new Set([...readings, ...[...readings].map(read)])
  return [...readings]
}

/** The path in the reading that most other readings have in common: one for all spellings that some router takes for one. */
export function loosestReading(path: string): string {
  const read = [decodeText, resolveDots, collapseSlashes, cutParameters]
  return read
    .reduce((text, convert) => convert(text), path)
    .replace(/(?<=.)\/$/, '')
    .toLowerCase()
}

/** The text itself if its escapes are malformed. */
export function decodeText(text: string): string {
  return decodeEscapes(text) ?? text
}

/** Decodes escapes but those of delimiters and of `%` itself; undefined if one is malformed. */
export function decodeLiterals(text: string): string | undefined {
  return decodeEscapes(text.replace(delimiterEscapes, '%25'))
}

function decodeEscapes(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const collapseSlashes = (path: string) => path.replace(/\/{2,}/g, '/')

const cutParameters = (path: string) => path.replace(/;.*$/s, '')

/** As `URL` does it: `\` is a slash, and `.` and `..` are resolved. */
function resolveDots(path: string): string {
  const kept: string[] = []
  const segments = path.replaceAll('\\', '/').split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (isLast) kept.push('')
  }
  return `/${kept.join('/')}`
}
