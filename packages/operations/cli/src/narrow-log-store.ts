import type { SharedTier } from '@larder/core'
import type { EntryCodec } from '@larder/core/encoding'
import { namesOf } from '@larder/redis'
import { connectionOf, createNarrowLog, type NarrowLog } from '@larder/redis/kit'
import type { CreateStore } from './with-cache'

/** Makes a store read the records that concern the entries which are read, instead of the log. */
export function withNarrowLog(createStore: CreateStore): CreateStore {
  return ({ client, prefix }) => {
    const store = createStore({ client, prefix })
    return {
      open(context) {
        const opened = store.open(context)
        const [tier] = opened.shared
        if (tier === undefined) return opened
        const names = namesOf(prefix, context.name)
        const narrowLog = createNarrowLog({ connection: connectionOf(client), names })
        return { ...opened, log: narrowLog.log, shared: [createExaminingTier(tier, narrowLog)] }
      },
    }
  }
}

/** A tier that reads the records of each entry with it. */
function createExaminingTier(tier: SharedTier, { readRecordsOf }: NarrowLog): SharedTier {
  let codec: EntryCodec | undefined

  async function examine(key: string, bytes: Uint8Array | undefined): Promise<void> {
    const result = bytes && codec?.readHeader(bytes, key)
    if (result?.ok) await readRecordsOf(key, result.header.tags)
  }

  return {
    ...tier,
    createCodec(options) {
      codec = tier.createCodec(options)
      return codec
    },
    async get(keys) {
      const entries = await tier.get(keys)
      for (const [index, key] of keys.entries()) await examine(key, entries[index])
      return entries
    },
  }
}
