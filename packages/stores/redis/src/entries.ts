import type { Compressor, SharedTier, SharedWrite } from '@larder/core'
import { createEntryCodec } from '@larder/core/encoding'
import { isCluster } from './client'
import type { Connection } from './connection'
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

  function writing({ key, bytes, keepFor, lease }: SharedWrite): Run {
    const args = [bufferOf(bytes), Math.max(1, lifetimeOf(keepFor))]
    if (lease === undefined) return { script: writeEntry, keys: [names.entry(key)], args }
    return {
      script: writeEntry,
      keys: [names.entry(key), names.lease(key)],
      args: [...args, lease, names.done, key],
    }
  }

  async function read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const wanted = keys.map(names.entry)
    const [first] = wanted
    if (first === undefined) return []
    if (wanted.length === 1) return [entryIn(await connection.call('get', first))]
    const replies = isCluster(client)
      ? await connection.guard(() => readFromNodes(connection, wanted))
      : ((await connection.call('mget', wanted)) as unknown[])
    return replies.map(entryIn)
  }

  return {
    name: 'redis',
    maxTtl,
    createCodec: createEntryCodec,
    compressor,
    get: read,
    set: (writes) => connection.runAll(writes.map(writing)),
    delete(keys, position, keepFor) {
      const args = [eightBytes(position), lifetimeOf(keepFor)]
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
    pipeline.callBuffer('get', name)
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

/** The entry in a reply; undefined for a deletion, and for nothing. */
function entryIn(reply: unknown): Uint8Array | undefined {
  return reply instanceof Uint8Array && reply.length > tombstoneBytes ? reply : undefined
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
