import type { HandlerRun, OriginResponse } from '../contracts/handler'
import { conditionalFields, validationFields } from '../policy/conditional'
import { canServeOnError } from '../policy/reuse'
import { hasValidator, originFields, type StoredResponse } from '../policy/stored-response'
import type { MissContext } from './miss-context'

/** Gateway and server errors that `stale-if-error` covers (RFC 5861 §4). */
const errorStatuses = new Set([500, 502, 503, 504])

const unconditional = Object.fromEntries(conditionalFields.map((name) => [name, undefined]))

/**
 * The request fields for the handler: the client's conditions and ranges are removed, because the store needs the whole
 * response; a previous response with a validator is validated instead (RFC 9111 §4.3.1).
 */
export function originRequestChanges(previous: StoredResponse | undefined): HandlerRun['changes'] {
  const validation =
    previous !== undefined && hasValidator(previous) ? validationFields(originFields(previous)) : {}
  return { ...unconditional, ...validation }
}

/**
 * Runs the handler. If it fails and `stale-if-error` allows the previous response instead, resolves with `undefined`
 * and excludes the result from the store.
 */
export async function runHandler(
  { sink, exchange, context }: MissContext,
  previous: StoredResponse | undefined,
  run: HandlerRun,
  now: () => number,
): Promise<OriginResponse | undefined> {
  const hasFallback = () =>
    previous !== undefined && canServeOnError(previous, exchange.requestDirectives, now())
  try {
    const response = await sink.run(run)
    if (!errorStatuses.has(response.status) || !hasFallback()) return response
    response.discard()
  } catch (error) {
    if (!hasFallback()) throw error
  }
  context.skip()
  return undefined
}
