import type { FieldRecord } from '../fields/field-record'

/** One string for each name, as `node:http` takes it. */
type PlainRecord = Readonly<Record<string, string>>

/** The records made so far: all hits of a stored response within a second have the same fields. */
const records = new WeakMap<FieldRecord, { readonly plain: PlainRecord | undefined }>()

/**
 * The fields of a response with a body as a plain record, without the length, which the server knows. The light response of
 * `@hono/node-server` hands such a record to `node:http` as it is: to fill a `Headers` and to read it again costs as much as
 * everything else in a hit. Undefined where only a `Headers` says the same: for a field that is repeated, for a response
 * without a type, to which servers add one, and for a light response that loses what layers in front of the cache add.
 */
export function findPlainRecord(fields: FieldRecord): PlainRecord | undefined {
  if (!keepsLateFields()) return undefined
  let known = records.get(fields)
  if (known === undefined) {
    known = { plain: toPlainRecord(fields) }
    records.set(fields, known)
  }
  return known.plain
}

function toPlainRecord({ 'content-length': _, ...fields }: FieldRecord): PlainRecord | undefined {
  const isPlain =
    'content-type' in fields && Object.values(fields).every((value) => typeof value === 'string')
  return isPlain ? (fields as PlainRecord) : undefined
}

let probed: typeof Response | undefined
let isKept = false

/** Older light responses are made from the record again when their body is read. Servers replace the global `Response`. */
function keepsLateFields(): boolean {
  if (Response === probed) return isKept
  probed = Response
  const response = new Response('text', { headers: { 'x-early': '1' } })
  response.headers.set('x-late', '1')
  isKept = response.body !== null && response.headers.has('x-late')
  return isKept
}
