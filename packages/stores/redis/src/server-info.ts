import type { Connection } from './connection'

/** Properties of a server that a service depends on. */
export interface ServerInfo {
  readonly product: 'redis' | 'valkey'
  readonly version: readonly [major: number, minor: number]
  /** `maxmemory-policy`; `noeviction` also if the server has no bound of memory. */
  readonly evictionPolicy: string
  /** Whether fields of a hash can expire on their own: `HEXPIRE`. */
  readonly hasFieldExpiry: boolean
}

/**
 * Reads the properties of the server, in one command. On a Cluster, those of one of its nodes.
 *
 * @returns undefined if the server forbids the command.
 */
export async function readServerInfo(connection: Connection): Promise<ServerInfo | undefined> {
  const fields = await readFields(connection)
  if (fields === undefined) return undefined
  const isValkey = fields.has('valkey_version')
  const [major = 0, minor = 0] = (fields.get('valkey_version') ?? fields.get('redis_version') ?? '')
    .split('.')
    .map(Number)
  return {
    product: isValkey ? 'valkey' : 'redis',
    version: [major, minor],
    evictionPolicy: evictionPolicyOf(fields) ?? 'unknown',
    hasFieldExpiry: isValkey ? major >= 9 : major > 7 || (major === 7 && minor >= 4),
  }
}

/** The policy by which a server evicts keys, from the fields of INFO: `noeviction` without a bound of memory. */
export function evictionPolicyOf(fields: ReadonlyMap<string, string>): string | undefined {
  return fields.get('maxmemory') === '0' ? 'noeviction' : fields.get('maxmemory_policy')
}

/** The fields of a reply of INFO, or of another one that consists of lines of `field:value`. */
export function parseInfo(reply: unknown): ReadonlyMap<string, string> {
  const lines = String(reply).split(/\r?\n/)
  const fields = lines.filter((line) => line.includes(':') && !line.startsWith('#'))
  return new Map(
    fields.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
}

async function readFields(connection: Connection): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return parseInfo(await connection.sendCommand('info'))
  } catch {
    return undefined
  }
}
