import type { RedisClient } from './client'
import { withoutArguments } from './connection'

/** Who wants to hear of a lost connection. */
type Report = (error: unknown) => void

const reportsOf = new WeakMap<RedisClient, Set<Report>>()

/**
 * Tells of a lost connection once, not with every attempt to get it back. However many caches use the client, it has
 * one listener; and it keeps that, because the error of a client without one would end the process.
 */
export function reportOutages(client: RedisClient, report: Report): () => void {
  const reports = reportsOf.get(client) ?? watch(client)
  reports.add(report)
  return () => void reports.delete(report)
}

function watch(client: RedisClient): Set<Report> {
  const reports = new Set<Report>()
  reportsOf.set(client, reports)
  let isDown = false
  client.on('error', ((error: unknown) => {
    if (!isDown) for (const report of reports) report(withoutArguments(error))
    isDown = true
  }) as (...args: never[]) => void)
  client.on('ready', () => {
    isDown = false
  })
  return reports
}
