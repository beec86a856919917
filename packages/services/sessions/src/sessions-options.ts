import {
  type Clock,
  checkOptions,
  choiceKind,
  countKind,
  type Duration,
  describeValue,
  durationKind,
  functionKind,
  LarderError,
  nameKind,
  type OptionTable,
  objectKind,
  type StandardSchemaV1,
  schemaKind,
  textKind,
  toMs,
} from '@larder/core'
import { type ClientOptions, clientOptionTable } from '@larder/redis/kit'
import type { SessionTimes } from './store/session-store'

/** Options of sessions that live in this process only. */
export interface LocalSessionsOptions<T extends object = Record<string, unknown>> {
  /** A session ends so long after its last use, or up to a hundredth of it later, one minute at most. @defaultValue '1d' */
  readonly idle?: Duration | undefined
  /** A session ends so long after its login, however much it is used. @defaultValue '30d' */
  readonly absolute?: Duration | undefined
  /** A user's sessions; with one more, the oldest ends. @defaultValue 100 */
  readonly maxPerUser?: number | undefined
  /** The size of a session's data: names and JSON, in bytes. @defaultValue 65_536 */
  readonly maxBytes?: number | undefined
  /**
   * If two requests change the same field at the same time: `last` keeps the later value, `refuse` lets the later `save` write
   * nothing and resolve to `conflict`.
   * @defaultValue 'last'
   */
  readonly onConflict?: 'last' | 'refuse' | undefined
  /**
   * Validates the data, whose type is that of the schema: any Standard Schema (zod, valibot, arktype) that accepts what it
   * returns. Data that does not fit is an error when it is written, and no session when it is read, unless `migrate` makes it
   * fit. @defaultValue none
   */
  readonly schema?: StandardSchemaV1<unknown, T> | undefined
  /** Converts data that fails the schema to the current shape, before it is validated once more. @defaultValue none */
  readonly migrate?: ((old: unknown) => unknown) | undefined
  /** For tests: replaces the clock, also that of Redis. @defaultValue the system's */
  readonly clock?: Clock | undefined
}

/** Sessions of another library, which are taken over at their first read. */
export interface MigrationOptions {
  /** The beginning of its keys: `'sess:'` for connect-redis. */
  readonly prefix: string
  /** The user of a session's data: for `revokeAll` and `listByUser`. @defaultValue no user */
  readonly userOf?: ((data: Readonly<Record<string, unknown>>) => string | undefined) | undefined
}

/** Options of {@link createSessions}: how to reach Redis, and how long sessions live. */
export interface SessionsOptions<T extends object = Record<string, unknown>>
  extends ClientOptions,
    LocalSessionsOptions<T> {
  /** Processes with this name share their sessions: `'shop'`. */
  readonly name: string
  /** The beginning of every key. @defaultValue 'larder' */
  readonly prefix?: string | undefined
  /**
   * When Redis does not answer: `deny` rejects reads, and middleware responds with 503; `anonymous` reads no session, so that
   * everybody is logged out meanwhile. Everything that writes rejects.
   * @defaultValue 'deny'
   */
  readonly ifUnavailable?: 'deny' | 'anonymous' | undefined
  /**
   * Takes over the sessions that connect-redis has written to this Redis, under their ids, so that nobody is logged out by the
   * change. Remove it when the last of them has expired: until then, an unknown id costs one more command.
   * @defaultValue none
   */
  readonly migrateFrom?: MigrationOptions | undefined
  /** The timeout of each call of Redis. @defaultValue '250ms' */
  readonly storeTimeout?: Duration | undefined
  /** How long the circuit breaker stays open before the next attempt. @defaultValue '1s' */
  readonly circuitPause?: Duration | undefined
  /** Receives the error of each call of Redis that failed. @defaultValue one warning of the process per outage */
  readonly onError?: ((error: unknown) => void) | undefined
}

const localTable: OptionTable<LocalSessionsOptions> = {
  idle: durationKind,
  absolute: durationKind,
  maxPerUser: countKind,
  maxBytes: countKind,
  onConflict: choiceKind('last', 'refuse'),
  schema: schemaKind,
  migrate: functionKind('(old) => ({ ...old, version: 2 })'),
  clock: objectKind('systemClock', 'now', 'monotonic'),
}

const migrationTable: OptionTable<MigrationOptions> = {
  prefix: textKind,
  userOf: functionKind('(data) => data.user'),
}

const sessionsTable: OptionTable<SessionsOptions> = {
  ...clientOptionTable,
  ...localTable,
  name: nameKind,
  prefix: textKind,
  ifUnavailable: choiceKind('deny', 'anonymous'),
  migrateFrom: objectKind("{ prefix: 'sess:' }"),
  storeTimeout: durationKind,
  circuitPause: durationKind,
  onError: functionKind('(error) => console.error(error)'),
}

/** Ten years in ms: longer times would be no limit. */
const longestTime = 315_360_000_000

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` */
export function checkSessionsOptions<T extends object>(
  caller: string,
  options: SessionsOptions<T>,
): SessionTimes {
  checkOptions(caller, options ?? {}, sessionsTable)
  if (options?.name === undefined)
    throw new LarderError('BAD_OPTION', `${caller} needs a name, such as { name: 'shop' }.`)
  const { migrateFrom } = options
  if (migrateFrom !== undefined) checkMigration(`${caller}: migrateFrom`, migrateFrom)
  return resolveTimes(caller, options)
}

function checkMigration(caller: string, options: MigrationOptions): void {
  checkOptions(caller, options, migrationTable)
  if (options.prefix === undefined || options.prefix === '')
    throw new LarderError(
      'BAD_OPTION',
      `${caller} needs the prefix of its keys, such as { prefix: 'sess:' }.`,
    )
}

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` */
export function checkLocalOptions<T extends object>(
  caller: string,
  options: LocalSessionsOptions<T>,
): SessionTimes {
  checkOptions(caller, options, localTable)
  return resolveTimes(caller, options)
}

function resolveTimes(
  caller: string,
  { idle = '1d', absolute = '30d' }: Pick<LocalSessionsOptions, 'idle' | 'absolute'>,
): SessionTimes {
  const idleMs = toSessionTime(caller, 'idle', idle)
  return {
    idle: idleMs,
    absolute: toSessionTime(caller, 'absolute', absolute),
    precision: Math.min(60_000, Math.floor(idleMs / 100)),
  }
}

function toSessionTime(caller: string, option: string, duration: Duration): number {
  const ms = Math.ceil(toMs(duration, option))
  if (ms >= 1 && ms <= longestTime) return ms
  throw new LarderError(
    'BAD_OPTION',
    `${caller}: ${option} must be from 1 ms to ten years; got ${describeValue(duration)}.`,
  )
}
