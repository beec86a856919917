import type { Clock, ServerUsage } from '@larder/core'
import { isCluster, type RedisClient } from './client'
import type { Connection } from './connection'
import { claimUsage, keepUsage } from './scripts/usage-scripts'
import { evictionPolicyOf, parseInfo } from './server-info'

interface ServerUsageOptions {
  readonly connection: Connection
  /** Where the figures are kept for all processes. */
  readonly usage: string
  readonly clock: Clock
}

/** How long figures are in use before one process of all reads them again, in ms. */
const lifetime = 30_000
/** Figures that could not be renewed for so long are not shown any more, in ms. */
const maxAge = 90_000

/**
 * Returns a function with the latest figures of the servers. It asks for newer ones in the background, at most every 30 s, and
 * only if it is called: a process of which nobody reads metrics asks for none. Of all processes, one reads INFO, and the others
 * read what it found. A user without the right to it is not asked again.
 */
export function createServerUsage({
  connection,
  usage,
  clock,
}: ServerUsageOptions): () => readonly ServerUsage[] {
  let latest: readonly ServerUsage[] = []
  let foundAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY

  async function readForAll(): Promise<readonly ServerUsage[]> {
    const found = await readUsage(connection)
    await connection.runScript(keepUsage.callWith({ usage, figures: JSON.stringify(found), lifetime }))
    return found
  }

  async function refresh(): Promise<void> {
    const known = await connection.runScript(claimUsage.callWith({ usage, lifetime }))
    const found = known === null ? await readForAll() : parseUsage(String(known))
    // Another process is reading them now.
    if (found === undefined) return
    latest = found
    foundAt = clock.monotonic()
  }

  return () => {
    const now = clock.monotonic()
    if (now - askedAt >= lifetime) {
      askedAt = now
      refresh().catch((error: unknown) => {
        if (isRefusal(error)) askedAt = Number.POSITIVE_INFINITY
      })
    }
    return now - foundAt <= maxAge ? latest : []
  }
}

/** The figures of the server, or of each primary of a Cluster. */
function readUsage({ client, whenReady }: Connection): Promise<readonly ServerUsage[]> {
  const nodes = isCluster(client) ? client.nodes('master') : [client]
  return whenReady(() => Promise.all(nodes.map(readNode)))
}

async function readNode(node: RedisClient): Promise<ServerUsage> {
  const fields = parseInfo(await node.callBuffer('info', 'memory', 'clients', 'stats'))
  const numberOf = (field: string) => Number(fields.get(field) ?? 0)
  return {
    server: addressOf(node),
    usedMemory: numberOf('used_memory'),
    maxMemory: numberOf('maxmemory'),
    evictionPolicy: evictionPolicyOf(fields) ?? 'unknown',
    fragmentation: numberOf('mem_fragmentation_ratio'),
    clients: numberOf('connected_clients'),
    evicted: numberOf('evicted_keys'),
  }
}

/** `host:port`; behind Sentinels, the name of the group, whose primary changes. */
function addressOf({ options = {} }: RedisClient): string {
  const { host, port, sentinels, name } = options as Readonly<Record<string, unknown>>
  return sentinels ? String(name) : `${host}:${port}`
}

/** The figures in a text that another process, or any other client, has written; undefined if there are none in it. */
function parseUsage(text: string): readonly ServerUsage[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(isUsage) ? value : undefined
  } catch {
    return undefined
  }
}

const numbers = ['usedMemory', 'maxMemory', 'fragmentation', 'clients', 'evicted'] as const

function isUsage(value: Partial<ServerUsage> | null): boolean {
  const hasTexts = typeof value?.server === 'string' && typeof value.evictionPolicy === 'string'
  return hasTexts && numbers.every((field) => Number.isFinite(value[field]))
}

const isRefusal = (error: unknown) => error instanceof Error && /NOPERM|unknown command/i.test(error.message)
