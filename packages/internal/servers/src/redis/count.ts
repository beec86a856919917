import type { RedisServer } from './server'

/**
 * Counts the commands that a server processes while `work` runs, by name, including those called by scripts and without
 * the INFO of the count itself. Commands of other clients are counted too, so the server should have no other clients.
 */
export async function countCommands(
  server: RedisServer,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const before = await server.commands()
  await work()
  const after = await server.commands()
  // The first INFO returns counts taken before itself, so it appears in the second one.
  const own: Record<string, number> = { info: 1 }
  const counts = Object.entries(after).map(
    ([name, count]) => [name, count - (before[name] ?? 0) - (own[name] ?? 0)] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
