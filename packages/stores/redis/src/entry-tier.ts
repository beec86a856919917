import type { Compressor, SharedTier, SharedWrite } from '@larder/core'
import { createEntryCodec } from '@larder/core/encoding'
import { databaseOf, isCluster } from './client'
import type { Connection } from './connection'
import type { Names } from './names'
import type { ScriptCall } from './scripts/define-script'
import { deleteEntry, writeEntry, writeEntryUnderLease } from './scripts/entry-scripts'
import { sendPipelined } from './send-pipelined'

interface EntryTierOptions {
  readonly connection: Connection
  readonly names: Names
  readonly prefix: string
  /** In ms. */
  readonly maxTtl: number
  readonly compressor: Compressor | undefined
}

/** A tombstone is a value that consists of a position only. */
const tombstoneBytes = 8

/** The shared tier of one cache: each entry is a string under a key of its own. */
export function createEntryTier(options: EntryTierOptions): SharedTier {
  const { connection, names, prefix, maxTtl, compressor } = options
  const { client } = connection

  /** In whole milliseconds, as Redis requires. */
  const toLifetime = (keepFor: number) => Math.ceil(Math.min(keepFor, maxTtl))

  function toScriptCall({ key, bytes, keepFor, lease }: SharedWrite): ScriptCall {
    const write = {
      entry: names.entry(key),
      bytes: toBuffer(bytes),
      lifetime: Math.max(1, toLifetime(keepFor)),
    }
    if (lease === undefined) return writeEntry.callWith(write)
    const { done: channel } = names
    return writeEntryUnderLease.callWith({ ...write, lease: names.lease(key), token: lease, channel, key })
  }

  async function readEntries(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const entryNames = keys.map(names.entry)
    const [first] = entryNames
    if (first === undefined) return []
    if (entryNames.length === 1) return [entryIn(await connection.sendCommand('get', first))]
    const replies = isCluster(client)
      ? await connection.whenReady(() => readFromNodes(connection, entryNames))
      : ((await connection.sendCommand('mget', entryNames)) as unknown[])
    return replies.map(entryIn)
  }

  return {
    name: 'redis',
    isApartFromLog: isCluster(client),
    maxTtl,
    place: JSON.stringify([prefix, databaseOf(client)]),
    createCodec: createEntryCodec,
    compressor,
    get: readEntries,
    set: async (writes) => void (await connection.runScripts(writes.map(toScriptCall))),
    async delete(keys, position, keepFor) {
      const args = { position: encodePosition(position), tombstoneLifetime: toLifetime(keepFor) }
      await connection.runScripts(
        keys.map((key) => deleteEntry.callWith({ entry: names.entry(key), ...args })),
      )
    },
    async scan(cursor, count) {
      const nodes = isCluster(client) ? client.nodes('master') : [client]
      const [index, nodeCursor] = (cursor ?? '0:0').split(':')
      const node = nodes[Number(index)]
      if (node === undefined || !/^\d+$/.test(nodeCursor ?? '')) return emptyLastPage
      const reply = await connection.whenReady(() =>
        node.callBuffer('SCAN', String(nodeCursor), 'MATCH', names.pattern, 'COUNT', count),
      )
      const [next, found] = reply as [Buffer, Buffer[]]
      const keys = found.flatMap((name) => names.keyOf(String(name)) ?? [])
      return { keys, cursor: nextCursor(Number(index), String(next), nodes.length) }
    },
    reset: connection.reconnect,
  }
}

/** The page for a malformed cursor. */
const emptyLastPage = { keys: [], cursor: undefined }

/** A scan cursor consists of the index of a server and the cursor on that server: `1:42`. */
function nextCursor(serverIndex: number, cursor: string, serverCount: number): string | undefined {
  if (cursor !== '0') return `${serverIndex}:${cursor}`
  return serverIndex + 1 < serverCount ? `${serverIndex + 1}:0` : undefined
}

/** Reads with one pipeline, and so one round trip, per node of a Cluster, however many keys there are. */
async function readFromNodes(connection: Connection, names: readonly string[]): Promise<unknown[]> {
  const results = await sendPipelined(names, connection.createPipelines(), (pipeline, name) =>
    pipeline.callBuffer('get', name),
  )
  return results.map(([error, value]) => {
    if (error !== null) throw error
    return value
  })
}

/** The entry in a reply to GET; undefined for a tombstone or an absent key. */
function entryIn(reply: unknown): Uint8Array | undefined {
  return reply instanceof Uint8Array && reply.length > tombstoneBytes ? reply : undefined
}

/** Eight bytes, big-endian, as entries begin with. */
function encodePosition(position: number): Buffer {
  const bytes = Buffer.alloc(tombstoneBytes)
  bytes.writeUInt32BE(Math.floor(position / 2 ** 32), 0)
  bytes.writeUInt32BE(position % 2 ** 32, 4)
  return bytes
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
