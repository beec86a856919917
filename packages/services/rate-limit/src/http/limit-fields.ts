import type { PolicyState, Verdict } from '../verdict'

/**
 * The response fields for a verdict: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), and
 * `Retry-After` (RFC 9110 section 10.2.3) if it was refused. Times in whole seconds, rounded up: never earlier than the window
 * says.
 */
export function limitFieldsOf(verdict: Verdict): [name: string, value: string][] {
  const { allowed, policies, retryAfter } = verdict
  const fields: [string, string][] = []
  if (policies.length > 0) {
    fields.push(['RateLimit-Policy', policies.map(formatPolicy).join(', ')])
    fields.push(['RateLimit', policies.map(formatState).join(', ')])
  }
  if (!allowed) fields.push(['Retry-After', String(Math.max(1, toSeconds(retryAfter)))])
  return fields
}

/** Names of policies contain no character that a structured string would have to escape. */
function formatPolicy({ name, limit, window }: PolicyState): string {
  return `"${name}";q=${limit};w=${toSeconds(window)}`
}

function formatState({ name, remaining, resetIn }: PolicyState): string {
  return `"${name}";r=${remaining};t=${toSeconds(resetIn)}`
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}
