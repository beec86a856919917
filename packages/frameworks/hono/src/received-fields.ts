import type { FieldReader } from '@larder/http'

/** A request of Node, which servers of web-standard requests hand on beside the request that they make of it. */
interface NodeRequest {
  readonly headers: Readonly<Record<string, unknown>>
  readonly rawHeaders: readonly string[]
}

/** The properties in which a kind of requests keeps the request of Node, and its `Headers` once they are made. */
interface RequestKeys {
  readonly incoming: symbol
  readonly headers: symbol
}

/** The fields of a request as Node has received them, each of which has one line. */
export class ReceivedFields implements FieldReader {
  /** In lower case. */
  readonly names: readonly string[]
  readonly #fields: NodeRequest['headers']

  constructor(fields: NodeRequest['headers'], names: readonly string[]) {
    this.#fields = fields
    this.names = names
  }

  get(name: string): string | null {
    // Node has them in lower case, as the cache asks for them; functions of a rule may write `X-Market`.
    const value = this.#fields[name] ?? this.#fields[name.toLowerCase()]
    return value === undefined ? null : String(value)
  }
}

/** By prototype: the keys of each kind of requests, undefined for requests that are made otherwise. */
const keysOfKinds = new WeakMap<object, RequestKeys | undefined>()

/**
 * The fields of a request of `@hono/node-server` of which nobody has read a field: to ask its `Headers` for those that decide
 * about caching costs more than everything else in a hit. Such a request refers to that of Node, and makes its `Headers` when
 * they are first used: before that, no layer in front of the cache can have changed them. Undefined for any other request,
 * and for one with a field that has several lines.
 */
export function findReceivedFields(request: Request, incoming: unknown): ReceivedFields | undefined {
  if (!isNodeRequest(incoming)) return undefined
  const keys = keysOf(request, incoming)
  if (keys === undefined || Object.hasOwn(request, 'headers')) return undefined
  if (readKey(request, keys.incoming) !== incoming || readKey(request, keys.headers) !== undefined)
    return undefined
  const { headers, rawHeaders } = incoming
  const names = Object.keys(headers)
  return rawHeaders.length === 2 * names.length ? new ReceivedFields(headers, names) : undefined
}

const isNodeRequest = (value: unknown): value is NodeRequest =>
  typeof value === 'object' && value !== null && 'rawHeaders' in value

const readKey = (request: Request, key: symbol) => (request as unknown as Record<symbol, unknown>)[key]

function keysOf(request: Request, incoming: NodeRequest): RequestKeys | undefined {
  const kind: object = Object.getPrototypeOf(request)
  const known = keysOfKinds.get(kind)
  if (known !== undefined || keysOfKinds.has(kind)) return known
  const keys = findKeys(request, incoming)
  keysOfKinds.set(kind, keys)
  return keys
}

/** Reads the `Headers` of this request, so that it is not one of those. */
function findKeys(request: Request, incoming: NodeRequest): RequestKeys | undefined {
  const { headers } = request
  const keys = Object.getOwnPropertySymbols(request)
  const incomingKey = keys.find((key) => readKey(request, key) === incoming)
  const headersKey = keys.find((key) => readKey(request, key) === headers)
  if (incomingKey === undefined || headersKey === undefined) return undefined
  return { incoming: incomingKey, headers: headersKey }
}
