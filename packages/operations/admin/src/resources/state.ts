import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { checkHealth } from '../observation/health'
import { identifyProcess } from '../observation/process-identity'
import { arrayOf, counters, dateTime, enumOf, number, objectOf, string } from '../openapi/schema'

const topNames = 20
const status = enumOf('pass', 'warn', 'fail')
const namesByUse = arrayOf(objectOf({ name: string, uses: number }))

/** Counts of the reads of a function, or of a whole cache. */
const readStats = {
  hits: counters,
  hitRatio: number,
  stale: number,
  misses: number,
  missReasons: counters,
  joins: number,
  computes: counters,
  computeTime: number,
  computeP95: number,
  fills: counters,
  skips: counters,
  refreshes: number,
  writtenBytes: number,
  servedAge: number,
}

/** Health, counters and advice. */
export const stateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'health',
    summary: 'Whether the cache works, with the checks made. Status 503 if a check fails.',
    response: objectOf({
      status,
      checks: arrayOf(objectOf({ name: string, status, detail: string })),
    }),
    handleRequest({ managed }) {
      const health = checkHealth(managed.cache.stats())
      return jsonResponse(health, health.status === 'fail' ? 503 : 200)
    },
  },
  {
    method: 'GET',
    path: 'stats',
    summary: 'The counters since the cache was created, and its present state.',
    response: objectOf({
      name: string,
      at: dateTime,
      process: objectOf({ host: string, pid: number, runtime: string, version: string, uptime: number }),
      caches: arrayOf(string),
      ...readStats,
      functions: { type: 'object', additionalProperties: objectOf(readStats) },
      invalidations: counters,
      syncs: counters,
      audited: counters,
      follows: number,
      diverged: number,
      evictions: number,
      unreadable: number,
      errors: number,
      'usage?': counters,
      position: number,
      lag: { type: ['number', 'null'] },
      maxStaleness: number,
      outbox: number,
      flights: number,
      circuits: arrayOf(objectOf({ name: string, state: string })),
      servers: arrayOf(
        objectOf({
          server: string,
          usedMemory: number,
          maxMemory: number,
          evictionPolicy: string,
          fragmentation: number,
          clients: number,
          evicted: number,
        }),
      ),
    }),
    handleRequest: ({ managed: { cache }, options }) =>
      jsonResponse({
        name: cache.name,
        at: new Date(),
        process: identifyProcess(),
        caches: [options.caches].flat().map(({ name }) => name),
        ...cache.stats(),
      }),
  },
  {
    method: 'GET',
    path: 'performance',
    summary: 'Reads, reasons of misses, and costly keys, counted since the first request.',
    response: objectOf({
      'since?': dateTime,
      reads: number,
      reasons: counters,
      topKeys: namesByUse,
      topTags: namesByUse,
      costlyKeys: arrayOf(objectOf({ key: string, time: number })),
      'slowCall?': number,
    }),
    handleRequest({ managed: { activity } }) {
      activity.watch()
      return jsonResponse(activity.summarize(topNames))
    },
  },
  {
    method: 'GET',
    path: 'advice',
    summary: 'Changes that would improve the cache, by the cost of misses in the latest 15 minutes.',
    response: objectOf({
      status: enumOf('ready', 'waiting', 'outage'),
      elapsed: number,
      advice: arrayOf(
        objectOf({
          id: string,
          'function?': string,
          option: string,
          title: string,
          evidence: string,
          advice: string,
          'cost?': number,
        }),
      ),
    }),
    handleRequest: ({ managed }) => jsonResponse(managed.advise()),
  },
]
