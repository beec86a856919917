import type { Row } from './panels'
import { type CacheTerms, interval, selector } from './queries'

/** The highest of the processes: all have the same figures of a server. */
const maxOf =
  (name: string) =>
  ({ metric }: CacheTerms) =>
    `max by (cache_server) (${metric(name)}{${selector}})`
const legend = '{{cache_server}}'

/** The servers that keep the shared entries and the log. */
export const serverRow: Row<CacheTerms> = {
  title: 'Redis servers',
  panels: [
    {
      title: 'Memory of Redis',
      description:
        'See LarderRedisMemory in the runbook. Empty where the user may not call INFO: use redis_exporter.',
      unit: 'bytes',
      lines: [
        { createQuery: maxOf('cache.server.memory.usage'), legend },
        { createQuery: maxOf('cache.server.memory.limit'), legend: `limit of ${legend}` },
      ],
    },
    {
      title: 'Clients of Redis',
      description: 'Connections of all its users.',
      unit: 'short',
      lines: [{ createQuery: maxOf('cache.server.clients'), legend }],
    },
    {
      title: 'Keys evicted, and fragmentation',
      description:
        'Keys that Redis removed per second; its process memory by memory used, above 1.5 if fragmented.',
      unit: 'short',
      lines: [
        {
          createQuery: ({ metric }) =>
            `max by (cache_server) (rate(${metric('cache.server.evictions')}{${selector}}${interval}))`,
          legend: `evictions, ${legend}`,
        },
        { createQuery: maxOf('cache.server.memory.fragmentation'), legend: `fragmentation, ${legend}` },
      ],
    },
  ],
}
