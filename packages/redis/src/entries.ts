import type { Compressor, SharedTier, SharedWrite } from '@larder/core'
import { isCluster } from './client'
import type { Connection } from './connection'
import { joinedReads } from './joined-reads'
import type { Names } from './names'
import { deleteEntry, writeEntry } from './scripts/entry-scripts'
import type { Run } from './scripts/script'

/** What the entries of one cache need. */
export interface EntriesOptions {
  readonly connection: Connection
  readonly names: Names
  readonly maxTtl: number
  readonly compressor: Compressor | undefined
}

/** A value that is nothing but a position marks a deletion. */
const tombstoneBytes = 8

/** Entries as strings, one per key. */
export function redisEntries({ connection, names, maxTtl, compressor }: EntriesOptions): SharedTier {
  const { client } = connection

  /** Whole milliseconds, as Redis wants them. */
  const lifetimeOf = (keepFor: number) => Math.ceil(Math.min(keepFor, maxTtl))

  function writing({ key, bytes, keepFor, lease = '' }: SharedWrite): Run {
    const payload = bufferOf(bytes)
    const lifetime = Math.max(1, lifetimeOf(keepFor))
    return {
      script: writeEntry,
      keys: [names.entry(key), names.lease(key)],
      args: [payload, String(positionOf(payload)), lifetime, lease, names.done, key],
    }
  }

  async function read(keys: readonly string[]): Promise<unknown[]> {
    const [first] = keys
    if (first === undefined) return []
    if (keys.length === 1) return [await connection.call('GET', names.entry(first))]
    if (!isCluster(client)) return (await connection.call('MGET', ...keys.map(names.entry))) as unknown[]
    return connection.guard(() => readFromNodes(connection, keys.map(names.entry)))
  }

  // A Cluster has a server for each key: its client sends what goes to one server together by itself.
  const get = isCluster(client) ? read : joinedReads(read)

  return {
    name: 'redis',
    maxTtl,
    compressor,
    async get(keys) {
      const values = await get(keys)
      return values.map((value) =>
        value instanceof Uint8Array && value.length > tombstoneBytes ? value : undefined,
      )
    },
    set: (writes) => connection.runAll(writes.map(writing)),
    delete(keys, position, keepFor) {
      const args = [String(position), eightBytes(position), lifetimeOf(keepFor)]
      return connection.runAll(keys.map((key) => ({ script: deleteEntry, keys: [names.entry(key)], args })))
    },
    async scan(cursor, count) {
      const nodes = isCluster(client) ? client.nodes('master') : [client]
      const [at, within] = (cursor ?? '0:0').split(':')
      const node = nodes[Number(at)]
      if (node === undefined || !/^\d+$/.test(within ?? '')) return pastEnd
      const reply = await connection.guard(() =>
        node.callBuffer('SCAN', String(within), 'MATCH', names.pattern, 'COUNT', count),
      )
      const [next, found] = reply as [Buffer, Buffer[]]
      const keys = found.flatMap((name) => names.keyOf(String(name)) ?? [])
      return { keys, cursor: placeAfter(Number(at), String(next), nodes.length) }
    },
    reset: connection.reset,
  }
}

/** What is no cursor leads nowhere. */
const pastEnd = { keys: [], cursor: undefined }

/** A cursor names one of the servers and a place in it: `1:42`. */
function placeAfter(server: number, within: string, servers: number): string | undefined {
  if (within !== '0') return `${server}:${within}`
  return server + 1 < servers ? `${server + 1}:0` : undefined
}

/** One pipeline per node, so one round trip to each, whatever the number of keys. */
async function readFromNodes(connection: Connection, names: readonly string[]): Promise<unknown[]> {
  const pipelineFor = connection.pipelines()
  const asked = new Map<ReturnType<typeof pipelineFor>, number[]>()
  names.forEach((name, at) => {
    const pipeline = pipelineFor(name)
    pipeline.callBuffer('GET', name)
    const places = asked.get(pipeline) ?? []
    places.push(at)
    asked.set(pipeline, places)
  })
  const values: unknown[] = new Array(names.length)
  await Promise.all(
    [...asked].map(async ([pipeline, places]) => {
      const replies = (await pipeline.exec()) ?? []
      replies.forEach(([error, value], at) => {
        if (error !== null) throw error
        values[places[at] ?? 0] = value
      })
    }),
  )
  return values
}

function positionOf(bytes: Buffer): number {
  return bytes.readUInt32BE(0) * 2 ** 32 + bytes.readUInt32BE(4)
}

function eightBytes(position: number): Buffer {
  const bytes = Buffer.alloc(tombstoneBytes)
  bytes.writeUInt32BE(Math.floor(position / 2 ** 32), 0)
  bytes.writeUInt32BE(position % 2 ** 32, 4)
  return bytes
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
