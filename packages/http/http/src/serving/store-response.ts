import type { HandlerRun } from '../contracts/handler'
import type { FieldReader } from '../fields/fields'
import { isSelected } from '../fields/vary'
import { conditionalFields, validationFields } from '../policy/conditional'
import { readStored } from '../policy/read-stored'
import { canServeOnError } from '../policy/reuse'
import { hasValidator, originFields, type StoredResponse } from '../policy/stored-response'
import type { MissContext } from './miss-context'
import { recordHints } from './response-hints'
import { ResponseRecorder } from './response-recorder'
import type { ResponseStorerOptions } from './response-storer-options'

export type ResponseStorer = ReturnType<typeof createResponseStorer>

const unconditional = Object.fromEntries(conditionalFields.map((name) => [name, undefined]))

/**
 * Makes the computation that fills a key: it runs the handler, whose response flows to the sink, and stores a copy if
 * that is allowed. Resolves with the response to share; see {@link ResponseRecorder}.
 */
export function createResponseStorer(options: ResponseStorerOptions) {
  return (miss: MissContext): Promise<StoredResponse | undefined> => {
    const { exchange, context, sink } = miss
    const { request, rule, requestDirectives } = exchange
    const previous = selectPrevious(miss)
    const hints = recordHints(options.cache, context)
    const requestTime = options.now()
    const isValidation = previous !== undefined && hasValidator(previous)
    const hasFallback = previous !== undefined && canServeOnError(previous, requestDirectives, requestTime)
    // Without a rule or a stored response, nothing is known to be worth a copy: the handler answers conditions itself.
    const isCopyWanted = rule.ttl !== undefined || previous !== undefined
    const answersConditions = isCopyWanted && sink.hasClient && isConditional(request.headers)
    const run: HandlerRun = {
      changes: isCopyWanted ? requestChanges(previous, isValidation) : {},
      hints,
      isReplaceable: isValidation || hasFallback || answersConditions,
    }
    const recorder = new ResponseRecorder(options, miss, {
      previous,
      isValidation,
      answersConditions,
      hints,
      requestTime,
    })
    sink.run(run, recorder)
    return recorder.result
  }
}

/** The entry's previous response, if it is of the variant that the request selects. */
function selectPrevious({ exchange, context }: MissContext): StoredResponse | undefined {
  const previous = readStored(context.previous?.value)
  return previous !== undefined && isSelected(previous.selectors, exchange.request.headers)
    ? previous
    : undefined
}

function isConditional(headers: FieldReader): boolean {
  return conditionalFields.some((name) => headers.get(name) !== null)
}

/**
 * The request fields for the handler: the client's conditions are removed, because the store needs the whole response; a
 * previous response with a validator is validated instead (RFC 9111 §4.3.1).
 */
function requestChanges(previous: StoredResponse | undefined, isValidation: boolean): HandlerRun['changes'] {
  return previous !== undefined && isValidation
    ? { ...unconditional, ...validationFields(originFields(previous)) }
    : unconditional
}
