import { LarderError } from '@larder/core'
import { isUnavailable } from '../is-unavailable'

/** The response to a request whose session could not be read or saved. */
export interface Refusal {
  readonly status: 409 | 500 | 503
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/**
 * The response for an error, as problem details (RFC 9457): 503 if Redis did not answer, 409 if another request has changed the
 * same fields, 500 for data that cannot be kept, of which the process is warned.
 */
export function refusalOf(error: unknown): Refusal {
  const contentType = ['Content-Type', 'application/problem+json'] as const
  if (isUnavailable(error)) {
    const body = problem(503, 'The service cannot read or save sessions at the moment')
    return { status: 503, fields: [contentType, ['Retry-After', '1']], body }
  }
  if (error instanceof LarderError && error.code === 'SAVE_CONFLICT')
    return { status: 409, fields: [contentType], body: problem(409, 'The session has changed meanwhile') }
  process.emitWarning(`A session was not saved: ${error instanceof Error ? error.message : String(error)}`, {
    type: 'LarderWarning',
    code: 'LARDER_SESSION_LOST',
  })
  return { status: 500, fields: [contentType], body: problem(500, 'The session could not be saved') }
}

/** The response in place of one whose head Node has refused. */
export const unsentResponse: Refusal = {
  status: 500,
  fields: [['Content-Type', 'application/problem+json']],
  body: problem(500, 'The response could not be sent'),
}

function problem(status: number, title: string): string {
  return JSON.stringify({ type: 'about:blank', title, status })
}
