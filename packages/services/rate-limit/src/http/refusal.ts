import type { Verdict } from '../verdict'

/** The response to a request that was refused. */
export interface Refusal {
  readonly status: 429 | 503
  readonly contentType: 'application/problem+json'
  readonly body: string
}

const problemTypes = 'https://iana.org/assignments/http-problem-types#'

/**
 * The response for a refused request, as problem details (RFC 9457) of the types that the draft of the `RateLimit` fields
 * registers: 429 if a policy refused it, 503 if there was nothing to ask.
 */
export function refusalOf({ by, policies }: Verdict): Refusal {
  const contentType = 'application/problem+json'
  if (by === 'none') {
    const title = 'The service cannot count requests at the moment'
    return { status: 503, contentType, body: problem(503, 'temporary-reduced-capacity', title) }
  }
  const violated = policies.filter(({ refused }) => refused).map(({ name }) => name)
  const title = 'Request cannot be satisfied as assigned quota has been exceeded'
  return {
    status: 429,
    contentType,
    body: problem(429, 'quota-exceeded', title, { 'violated-policies': [...new Set(violated)] }),
  }
}

function problem(status: number, type: string, title: string, members: object = {}): string {
  return JSON.stringify({ type: `${problemTypes}${type}`, title, status, ...members })
}
