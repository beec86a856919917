import type { Emitter } from './emitter'
import { errorMessageOf } from './error-message'

/** The part of a logger that a cache uses: pino's shape, which Fastify's `app.log`, bunyan and `console` also have. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * Logs what an operator acts on: failures, circuit breakers, damaged entries, a log that lost records. Hits, misses and
 * computations are not logged. Keys are; values and arguments of commands never are.
 *
 * @returns a function that ends it
 */
export function logEvents(
  { on }: Pick<Emitter, 'on'>,
  cache: string,
  logger: Logger | undefined,
): () => void {
  if (logger === undefined) return () => undefined
  const subscriptions = [
    on('error', ({ operation, error }) =>
      logger.error({ cache, operation, err: error }, `${operation} failed: ${errorMessageOf(error)}`),
    ),
    on('warning', ({ message }) => logger.warn({ cache }, message)),
    on('circuit', ({ tier, state, duration, flaps }) => {
      if (state === 'open') logger.warn({ cache, tier }, `${tier} fails; its circuit breaker is open`)
      else logger.info({ cache, tier, duration, flaps }, `${tier} works again`)
    }),
    on('unreadable', ({ key, tier, reason }) =>
      logger.warn({ cache, key, tier, reason }, `an entry in ${tier} cannot be read: ${reason}`),
    ),
    on('diverged', ({ reissued }) =>
      logger.warn({ cache, reissued }, `the log had lost records; ${reissued} were appended again`),
    ),
  ]
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe()
  }
}
