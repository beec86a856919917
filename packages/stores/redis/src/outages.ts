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

/** Tells everyone who uses this client now. */
export function tell(client: RedisClient, error: unknown): void {
  for (const report of reportsOf.get(client) ?? []) report(withoutArguments(error))
}

function watch(client: RedisClient): Set<Report> {
  const reports = new Set<Report>()
  reportsOf.set(client, reports)
  let isDown = false
  client.on('error', (error) => {
    if (!isDown) tell(client, error)
    isDown = true
  })
  client.on('ready', () => {
    isDown = false
  })
  return reports
}
