import { createCache, toMs } from '@larder/core'
import { json, msgpack, v8 } from '@larder/core/encoding'
import { memoryStore } from '@larder/memory'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arbitraryDuration,
  arbitraryEntry,
  arbitraryKey,
  arbitraryTag,
  arbitraryTagGraph,
  arbitraryValue,
} from '../../src/index'

describe('arbitrary values', () => {
  test.each(Object.entries({ msgpack: msgpack(), json: json(), v8: v8() }))(
    'are reproduced by the %s serializer',
    (_, serializer) => {
      fc.assert(
        fc.property(arbitraryValue(), (value) => {
          expect(serializer.deserialize(serializer.serialize(value))).toEqual(value)
        }),
      )
    },
  )
})

test('toMs accepts every arbitrary duration', () => {
  fc.assert(fc.property(arbitraryDuration(), (duration) => toMs(duration, 'ttl') >= 0))
})

test('an arbitrary tag graph has no cycle, so all of its links can be added', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTagGraph(), async (links) => {
      await using cache = createCache({ name: 'test', store: memoryStore() })
      for (const { child, parent } of links) await cache.link(child, parent)
      expect(cache.graph().length).toBe(new Set(links.map((link) => JSON.stringify(link))).size)
    }),
    { numRuns: 50 },
  )
})

test('a cache accepts arbitrary entries, keys and tags, and returns the values unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEntry(), arbitraryKey(), arbitraryTag(), async (entry, key, tag) => {
      await using cache = createCache({ name: 'test', store: memoryStore() })
      await cache.set(entry.key, entry.value, { ttl: '1h', tags: [...entry.tags, tag] })
      expect(await cache.get(entry.key)).toEqual(entry.value)
      await cache.delete(key)
      await cache.invalidate(tag)
      expect(await cache.has(entry.key)).toBe(false)
    }),
    { numRuns: 50 },
  )
})
