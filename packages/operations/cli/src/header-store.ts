import type { SharedTier, Store } from '@larder/core'
import type { EntryCodec } from '@larder/core/encoding'
import { namesOf, redisStore } from '@larder/redis'
import type { Cluster, Redis } from 'ioredis'

/** The header of nearly every entry, with its tags, is shorter. */
const headerBytes = 4_096

interface HeaderStoreOptions {
  readonly client: Redis | Cluster
  readonly prefix: string
}

/**
 * The entries of a cache on Redis without their values: of each, only the beginning is read, which says when it was computed,
 * for how long it is fresh, and which tags it has.
 */
export function headerStore({ client, prefix }: HeaderStoreOptions): Store {
  const store = redisStore({ client, prefix })
  return {
    open(context) {
      const opened = store.open(context)
      const names = namesOf(prefix, context.name)
      const readStart = (key: string) => client.getrangeBuffer(names.entry(key), 0, headerBytes - 1)
      const { log } = opened
      const [tier] = opened.shared
      if (log === undefined || tier === undefined) return opened
      return { ...opened, log, shared: [createHeaderTier(tier, readStart)] }
    },
  }
}

function createHeaderTier(tier: SharedTier, readStart: (key: string) => Promise<Buffer>): SharedTier {
  let codec: EntryCodec | undefined

  /** The beginning of the entry; all of it if that does not hold the header. */
  async function readEntry(key: string): Promise<Uint8Array | undefined> {
    const start = await readStart(key)
    return codec?.readHeader(start, key).ok ? start : (await tier.get([key]))[0]
  }

  return {
    ...tier,
    createCodec(options) {
      codec = { ...tier.createCodec(options), decodeValue: () => ({ ok: true, value: undefined }) }
      return codec
    },
    get: (keys) => Promise.all(keys.map(readEntry)),
  }
}
