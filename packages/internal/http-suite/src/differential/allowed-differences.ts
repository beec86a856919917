/** A way in which an application with the cache may differ from the same application without it. */
interface AllowedDifference {
  /** As it stands in the documentation. */
  readonly difference: string
  /** The section that asks for it, or that allows it. */
  readonly section: string
  /** Lines that the cache adds to the head of a response that it stores. */
  readonly addedLines?: RegExp
  /** The cache adds these lines also where no rule sets a `ttl`. */
  readonly needsNoRule?: boolean
  /** Names of fields in which a hit may differ from the first response. */
  readonly fieldsOfHit?: RegExp
}

/**
 * All differences that {@link differentialSuite} allows: those that can be named by a field are read from here. A test
 * compares docs/guide/http-differences.md with this list.
 */
export const allowedDifferences: readonly AllowedDifference[] = [
  {
    difference: 'A response that is stored or served has `Cache-Status`.',
    section: 'RFC 9211 §2',
    addedLines: /^cache-status: .*\r\n/gim,
    needsNoRule: true,
    fieldsOfHit: /^cache-status$/,
  },
  {
    difference:
      'A response that a rule stores, and that has no terms of its own, has `Cache-Control: no-cache`, or `max-age` by `clientTtl`; on private routes `private` too.',
    section: 'RFC 9111 §5.2.2.4',
    addedLines: /^cache-control: (?:private, )?no-cache\r\n/gim,
  },
  {
    difference:
      'A stored response without an entity tag has a weak one, which a layer in front that makes tags then leaves; its first client gets it if the body is written in one piece.',
    section: 'RFC 9110 §8.8.3',
    addedLines: /^etag: W\/"[\w+/]{20}"\r\n/gim,
    fieldsOfHit: /^etag$/,
  },
  {
    difference: 'With `cdnTtl` or `tagField`, a stored response has the fields for the CDN.',
    section: 'RFC 9213 §3',
  },
  {
    difference: 'A hit has `Age`, and the `Date` at which its response was made.',
    section: 'RFC 9111 §5.1',
    fieldsOfHit: /^age$/,
  },
  {
    difference:
      'A hit states its length where the handler sent chunks, and has the usual reason phrase; its fields may have another order and case. With Hono, whose server on Node chooses by who has read a response, this holds for every response, and so does the type of a text that has none.',
    section: 'RFC 9112 §6',
    fieldsOfHit: /^(?:content-length|transfer-encoding)$/,
  },
  {
    difference: 'A hit has no trailers.',
    section: 'RFC 9110 §6.5.1',
    fieldsOfHit: /^trailer$/,
  },
  {
    difference: 'A hit follows no interim responses, such as 103.',
    section: 'RFC 9110 §15.2',
  },
  {
    difference: 'HEAD is answered by the fields of a stored GET, also where a layer sends others for HEAD.',
    section: 'RFC 9110 §9.3.2',
  },
  {
    difference:
      'On a hit, neither the handler nor a layer behind the cache runs. Layers in front see a head that is written before the body: one that adds fields only to heads that are not, adds none.',
    section: 'RFC 9111 §4',
    fieldsOfHit: /^written-/,
  },
  {
    difference:
      'The client receives the response to a successful unsafe request when its invalidation is on record. To the handler, the client reads slowly.',
    section: 'RFC 9111 §4.4',
  },
  {
    difference:
      'The handler of a response that is worth a copy does not see the conditions of its client: the cache answers them.',
    section: 'RFC 9110 §13.2.2',
  },
]

/** The lines that the cache may add to the head of a response that it stores. */
export function addedLines({ hasRule }: { readonly hasRule: boolean }): readonly RegExp[] {
  return allowedDifferences
    .filter(({ needsNoRule = false }) => hasRule || needsNoRule)
    .flatMap(({ addedLines }) => addedLines ?? [])
}

/** Whether a hit may differ from the first response in this field. */
export function mayDifferOnHit(name: string): boolean {
  return allowedDifferences.some(({ fieldsOfHit }) => fieldsOfHit?.test(name))
}
