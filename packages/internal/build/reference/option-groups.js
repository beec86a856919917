import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * The parts of the page of options: title, source, interface.
 *
 * @typedef {readonly [title: string, file: string, name: string]} OptionGroup
 */

const core = 'packages/core/src'
const rateLimit = 'packages/services/rate-limit/src'
const sessions = 'packages/services/sessions/src'
const warming = 'packages/operations/warming/src'

/** @type {readonly OptionGroup[]} */
export const optionGroups = [
  ['`createCache`', `${core}/cache-options.ts`, 'CacheOptions'],
  ['Entries: for a cache, a wrapped function, or one call', `${core}/options.ts`, 'EntryOptions'],
  ['Waiting: for a cache, a wrapped function, or one call', `${core}/options.ts`, 'WaitOptions'],
  ['`wrap`', `${core}/options.ts`, 'WrapOptions'],
  ['Reads', `${core}/options.ts`, 'ReadOptions'],
  ['`getOrCompute`', `${core}/options.ts`, 'ComputeOptions'],
  ['`getManyOrCompute`', `${core}/options.ts`, 'ComputeManyOptions'],
  ['`loader`', `${core}/options.ts`, 'LoaderOptions'],
  ['Invalidations', `${core}/options.ts`, 'InvalidateOptions'],
  ['`transaction` and `wrapWrite`', `${core}/options.ts`, 'TransactionOptions'],
  ['`ready`', `${core}/contracts/operation.ts`, 'ReadyOptions'],
  ['`keys`', `${core}/contracts/inspection.ts`, 'KeysOptions'],
  ['`warm`', `${core}/contracts/operation.ts`, 'WarmOptions'],
  ['`audit`', `${core}/contracts/operation.ts`, 'AuditOptions'],
  ['`compression`', `${core}/cache-options.ts`, 'CompressionOptions'],
  ['`telemetry`', `${core}/telemetry/open-telemetry.ts`, 'TelemetryOptions'],
  ['`createPopularity`', `${core}/telemetry/popularity.ts`, 'PopularityOptions'],
  ['`logOperations`', `${core}/operation/log-operations.ts`, 'LogOperationsOptions'],
  ['`watchMemory`', `${core}/operation/memory-watch.ts`, 'MemoryWatchOptions'],
  ['`createPolicy`', `${core}/resilience/policy.ts`, 'PolicyOptions'],
  ['`memoryStore`', 'packages/stores/memory/src/memory-store.ts', 'MemoryStoreOptions'],
  ['An eviction policy', 'packages/stores/memory/src/eviction-policy.ts', 'EvictionPolicyOptions'],
  ['`redisStore` and other services on Redis', 'packages/stores/redis/src/check-client.ts', 'ClientOptions'],
  ['`redisStore`', 'packages/stores/redis/src/options.ts', 'RedisStoreOptions'],
  ['`httpCache`', 'packages/http/http/src/contracts/options.ts', 'HttpCacheOptions'],
  ['`httpConformance`', 'packages/testing/src/http/http-conformance.ts', 'HttpConformanceOptions'],
  ['`echoConformance`', 'packages/testing/src/http/echo.ts', 'EchoOptions'],
  ['Rules of routes', 'packages/http/http/src/contracts/route-rule.ts', 'RouteRule'],
  ['`cacheStatus`', 'packages/http/http/src/contracts/options.ts', 'CacheStatusOptions'],
  ['`httpCache` of Hono', 'packages/frameworks/hono/src/http-cache.ts', 'HonoCacheOptions'],
  ['`mount` of Fastify', 'packages/frameworks/fastify/src/mount.ts', 'MountOptions'],
  ['`createRateLimiter`', `${rateLimit}/rate-limiter-options.ts`, 'RateLimiterOptions'],
  ['`createLocalRateLimiter`', `${rateLimit}/rate-limiter-options.ts`, 'LocalLimiterOptions'],
  ['`consume` of a rate limiter', `${rateLimit}/rate-limiter.ts`, 'ConsumeOptions'],
  ['`addressOf`', `${rateLimit}/address-of.ts`, 'AddressOptions'],
  ['`createSessions`', `${sessions}/sessions-options.ts`, 'SessionsOptions'],
  ['`createLocalSessions`', `${sessions}/sessions-options.ts`, 'LocalSessionsOptions'],
  ['`create` of sessions', `${sessions}/sessions.ts`, 'CreateSessionOptions'],
  ['`loadSessions`', `${sessions}/http/cookie-options.ts`, 'SessionCookieOptions'],
  ['`migrateFrom` of sessions', `${sessions}/sessions-options.ts`, 'MigrationOptions'],
  ['`sessionStore`', `${sessions}/http/store-calls.ts`, 'SessionStoreOptions'],
  ['`revokeAll` of sessions', `${sessions}/sessions.ts`, 'RevokeAllOptions'],
  ['`adminHandler`', 'packages/operations/admin/src/options.ts', 'AdminOptions'],
  ['`alertRules`', 'packages/operations/metrics/src/alerts/alert-options.ts', 'AlertOptions'],
  [
    '`grafanaDashboard`',
    'packages/operations/metrics/src/dashboard/grafana-dashboard.ts',
    'DashboardOptions',
  ],
  ['`warmAtStart`', `${warming}/warm-at-start.ts`, 'WarmAtStartOptions'],
  ['`auditOnSchedule`', `${warming}/audit-on-schedule.ts`, 'AuditOnScheduleOptions'],
  ['`warmOnSchedule`', `${warming}/warm-on-schedule.ts`, 'WarmOnScheduleOptions'],
  ['`warmWhenIdle`', `${warming}/warm-when-idle.ts`, 'WarmWhenIdleOptions'],
  ['`warmForUser`', `${warming}/warm-for-user.ts`, 'WarmForUserOptions'],
  ['`warmPopular`', `${warming}/warm-popular.ts`, 'WarmPopularOptions'],
  ['`progressBar`', `${warming}/progress-bar.ts`, 'ProgressBarOptions'],
]

/** Options without members of their own, and those of an error that Larder itself creates. */
const withoutPart = new Set(['BeginOptions', 'FillOptions', 'LarderErrorOptions'])

/** The entry points of all packages that applications run; tools for tests describe their options on the page of testing. */
const entryPoints = ['packages/*/src/index.ts', 'packages/*/*/src/index.ts']

/** The names of exported options that have no part on the page. */
export function findForgottenOptions() {
  const known = new Set([...optionGroups.map(([, , name]) => name), ...withoutPart])
  const files = execFileSync('git', ['ls-files', ...entryPoints], { encoding: 'utf8' })
    .trim()
    .split('\n')
  const published = files.filter((file) => !/^packages\/(internal|testing)\//.test(file))
  const exported = published.flatMap((file) => readFileSync(file, 'utf8').match(/\b[A-Z]\w*Options\b/g) ?? [])
  return [...new Set(exported)].filter((name) => !known.has(name))
}
