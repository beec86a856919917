import { mayDifferOnHit } from './allowed-differences'

/** Status, body, and the fields that a hit shares with the first response. */
interface Meaning {
  readonly status: string
  readonly fields: readonly string[]
  /** The members of `Vary`, without repeats. */
  readonly vary: readonly string[]
  readonly body: string
}

/** Reads a raw response, without interim ones (RFC 9110 §15.2). */
export function parseMeaning(bytes: string): Meaning {
  const { statusLine, fields, body } = parseResponse(
    bytes.replace(/^(?:HTTP\/1\.1 1\d\d [\s\S]*?\r\n\r\n)+/, ''),
  )
  return {
    status: statusLine.slice(0, 'HTTP/1.1 200'.length),
    fields: fields.filter((line) => !line.startsWith('vary:') && !mayDifferOnHit(nameOf(line))),
    vary: [...new Set(fields.flatMap(varyMembers))].sort(),
    body,
  }
}

/**
 * The bytes without what a server decides by itself: whether a body has a length or is chunked (RFC 9112 §6), and the
 * order of fields of different names (RFC 9110 §5.3).
 */
export function withoutFraming(bytes: string): string {
  const { statusLine, fields, body } = parseResponse(bytes)
  const kept = fields.filter((line) => !/^(?:content-length|transfer-encoding)$/.test(nameOf(line)))
  return [statusLine, ...kept, '', body].join('\r\n')
}

const varyMembers = (line: string) =>
  (line.match(/^vary: (.*)$/)?.[1] ?? '').toLowerCase().split(/, */).filter(Boolean)

const nameOf = (line: string) => line.slice(0, line.indexOf(':'))

/** Fields are sorted, with names in lower case. */
function parseResponse(bytes: string) {
  const [head = '', ...rest] = bytes.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const body = rest.join('\r\n\r\n')
  const isChunked = /^transfer-encoding: chunked$/im.test(head)
  return {
    statusLine,
    fields: lines.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase())).sort(),
    body: isChunked ? joinChunks(body) : body,
  }
}

/** The content of a chunked body, without trailers (RFC 9112 §7.1). */
function joinChunks(body: string): string {
  let content = ''
  let rest = body
  for (;;) {
    const lineEnd = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, lineEnd), 16)
    if (lineEnd < 0 || Number.isNaN(size) || size === 0) return content
    content += rest.slice(lineEnd + 2, lineEnd + 2 + size)
    rest = rest.slice(lineEnd + 2 + size + 2)
  }
}
