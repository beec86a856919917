/**
 * The groups of request fields that decide about caching, by what they decide: each is a member of {@link FieldGroups}.
 * A usual request has none of most groups, and is then asked for none of their fields.
 */
export const fieldGroup = {
  /** `Cache-Control` and `Pragma`. */
  directive: 1,
  /** Fields of which each makes a request bypass the cache. */
  obstacle: 2,
  accept: 4,
  /** Fields by which frameworks and proxies override host, scheme or path. */
  rewrite: 8,
  /** Fields that say who sends a request. */
  credential: 16,
  /** Conditions, and ranges. */
  condition: 32,
} as const

/** A set of groups, as the bits of a number. */
export type FieldGroups = number

/** For a request of which only the values of fields are known, not their names: it may have any. */
export const everyGroup: FieldGroups = 63

/** Fields that make a request bypass the cache. */
export const obstacleFields = [
  // A connection that changes its protocol has no response.
  'upgrade',
  // Overrides of the method: the response is then not one to GET.
  ...['x-http-method-override', 'x-http-method', 'x-method-override'],
  // Preconditions that only the handler can evaluate (RFC 9110 §13.1.1, §13.1.4).
  ...['if-match', 'if-unmodified-since'],
  // A body.
  'transfer-encoding',
] as const

/** Fields by which frameworks and proxies override host, scheme or path. Handlers do not list them in `Vary`. */
export const rewritingFields = [
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-forwarded-path',
  'x-forwarded-uri',
  'x-forwarded-protocol',
  'x-forwarded-ssl',
  'x-host',
  'x-http-host-override',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-envoy-original-path',
  'x-proxy-url',
  'x-rewrite-url',
  'x-scheme',
  'x-url-scheme',
  'front-end-https',
] as const

/**
 * Makes a function that finds the groups of which a request may have a field, by the names of its fields in lower case; every
 * group if the names are not known. `credentials` are the names of the fields that say who sends a request.
 */
export function createGroupFinder(
  credentials: readonly string[],
): (names: readonly string[] | undefined) => FieldGroups {
  const members: readonly (readonly [FieldGroups, readonly string[]])[] = [
    [fieldGroup.directive, ['cache-control', 'pragma']],
    [fieldGroup.obstacle, [...obstacleFields, 'content-length']],
    [fieldGroup.accept, ['accept']],
    [fieldGroup.rewrite, [...rewritingFields, 'forwarded']],
    [fieldGroup.credential, credentials],
    [fieldGroup.condition, ['if-none-match', 'if-modified-since', 'range']],
  ]
  const groupsOf = new Map<string, FieldGroups>()
  for (const [group, names] of members)
    for (const name of names) groupsOf.set(name, (groupsOf.get(name) ?? 0) | group)

  return (names) => {
    if (names === undefined) return everyGroup
    let groups: FieldGroups = 0
    for (const name of names) groups |= groupsOf.get(name) ?? 0
    return groups
  }
}

/** Whether a request may have a field of a group. */
export function mayHave(groups: FieldGroups, group: FieldGroups): boolean {
  return (groups & group) !== 0
}
