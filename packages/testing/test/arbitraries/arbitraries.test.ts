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

describe('values', () => {
  test.each(Object.entries({ msgpack: msgpack(), json: json(), v8: v8() }))('survive %s', (_, serializer) => {
    fc.assert(
      fc.property(arbitraryValue(), (value) => {
        expect(serializer.deserialize(serializer.serialize(value))).toEqual(value)
      }),
    )
  })
})

test('durations are read by toMs', () => {
  fc.assert(fc.property(arbitraryDuration(), (duration) => toMs(duration, 'ttl') >= 0))
})

test('tags of a graph can be linked as they come: there is no cycle', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTagGraph(), async (links) => {
      await using cache = createCache({ name: 'test', store: memoryStore() })
      for (const { child, parent } of links) await cache.link(child, parent)
      expect(cache.graph().length).toBe(new Set(links.map((link) => JSON.stringify(link))).size)
    }),
    { numRuns: 50 },
  )
})

test('entries, keys and tags are taken by a cache, and come back', async () => {
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
