import type { Clock } from '../contracts/clock'
import type { Emitter } from './emitter'
import { errorMessageOf } from './error-message'
import { calm, createIncidents, type Incident } from './incidents'

/** The part of a logger that a cache uses: pino's shape, which Fastify's `app.log`, bunyan and `console` also have. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Operations whose failures are those of the application. All others are those of the store, and one outage together. */
const ownTopics: ReadonlySet<string> = new Set(['afterCommit', 'wrapWrite', 'follow'])
const storeTopic = 'the store'

/**
 * Logs what an operator acts on: failures, damaged entries, a log that lost records, warnings. An outage has two lines, one
 * when it begins and one, with its duration and count, when it has ended. Keys are logged; values and arguments of commands
 * never are.
 *
 * @returns a function that ends it
 */
export function logEvents(
  { on }: Pick<Emitter, 'on'>,
  cache: string,
  clock: Clock,
  logger: Logger | undefined,
): () => void {
  if (logger === undefined) return () => undefined
  const incidents = createIncidents(clock, (topic, { beganAt, lastAt, count }) => {
    if (count === 1) return
    const duration = lastAt - beganAt
    const seconds = Math.round(duration / 1_000)
    logger.info(
      { cache, duration, count },
      `${topic}: no failure for ${calm / 1_000} s, after ${count} in ${seconds} s`,
    )
  })
  /** Failures that come now and then are one long incident: an outage that begins during it has a line of its own. */
  let announced: Incident | undefined

  const subscriptions = [
    on('error', ({ operation, error }) => {
      const topic = ownTopics.has(operation) ? operation : storeTopic
      if (incidents.record(topic).count > 1) return
      logger.error({ cache, operation, err: error }, `${operation} failed: ${errorMessageOf(error)}`)
    }),
    on('circuit', ({ tier, state }) => {
      if (state === 'closed') return
      const incident = incidents.record(storeTopic)
      const isLate = incident.lastAt - incident.beganAt > calm && announced !== incident
      announced = incident
      if (isLate || incident.count === 1)
        logger.warn({ cache, tier }, `${tier} fails; its circuit breaker is open`)
    }),
    on('warning', ({ message }) => logger.warn({ cache }, message)),
    on('unreadable', ({ key, tier, reason }) => {
      const topic = `entries in ${tier} that cannot be read (${reason})`
      if (incidents.record(topic).count > 1) return
      logger.warn({ cache, key, tier, reason }, `an entry in ${tier} cannot be read: ${reason}`)
    }),
    on('mismatch', ({ key, age, tags }) => {
      if (incidents.record('entries that differ from their source').count > 1) return
      logger.warn({ cache, key, age, tags }, 'an audit found an entry that differs from its source')
    }),
    on('diverged', ({ reissued }) =>
      logger.warn({ cache, reissued }, `the log had lost records; ${reissued} were appended again`),
    ),
  ]
  return () => {
    incidents.stop()
    for (const unsubscribe of subscriptions) unsubscribe()
  }
}
