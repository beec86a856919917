import type { RedisServer } from './server'

/**
 * Counts the commands that a server processes while `work` runs, by name, with those that scripts call and without
 * the one that asks for the counts. Commands of other clients count too, so the server should have no others.
 */
export async function countCommands(
  server: RedisServer,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const before = await server.commands()
  await work()
  const after = await server.commands()
  // The first look is processed after the counts it returns were taken, so the second one sees it.
  const own: Record<string, number> = { info: 1 }
  const counts = Object.entries(after).map(
    ([name, count]) => [name, count - (before[name] ?? 0) - (own[name] ?? 0)] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
