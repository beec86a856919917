import { describe, expect, test, vi } from 'vitest'
import { json, msgpack, v8 } from '../src/encoding'
import { deepCopy } from '../src/entry/copy'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** `list[user.id] = user`, with an id of three billion: a loop over its length would take minutes. */
function sparseList(): unknown[] {
  const list: unknown[] = ['first']
  list[3_000_000_000] = 'last'
  return list
}

function createSubject() {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const warn = vi.fn()
  cache.on('warning', ({ message }) => warn(message))
  return { cache, warn }
}

type Untyped = Record<string, (...args: unknown[]) => unknown>

describe('a list with a few items and a length of billions', () => {
  test.each([
    ['as it is', sparseList()],
    ['in an object', { rows: sparseList() }],
    ['in a list', [sparseList(), new Array(4_000_000_000)]],
    ['beside an instance of a class', { rows: sparseList(), user: new (class User {})() }],
  ])('is returned and kept %s', async (_, value) => {
    const { cache } = createSubject()
    const read = () => cache.getOrCompute('key', () => value)
    expect(Object.keys((await read()) as object)).toEqual(Object.keys(value))
    expect(Object.keys((await read()) as object)).toEqual(Object.keys(value))
    expect(await cache.has('key')).toBe(true)
  })

  test('is copied with its holes, in the time that its items take', () => {
    const list = sparseList()
    const copy = deepCopy(list) as unknown[]
    expect(copy).not.toBe(list)
    expect(copy.length).toBe(list.length)
    expect(Object.entries(copy)).toEqual(Object.entries(list))
    expect((deepCopy(new Array(4_000_000_000)) as unknown[]).length).toBe(4_000_000_000)
  })

  test.each([json(), msgpack(), v8()])('has no faithful form in the bytes of $name', (serializer) => {
    for (const value of [sparseList(), { rows: [sparseList()] }, new Array(4_000_000_000)])
      expect(() => serializer.serialize(value)).toThrow(/a long list with holes. Use a Map/)
  })

  test('is refused as a part of a key', async () => {
    const { cache } = createSubject()
    const load = cache.wrap(async (ids: unknown[]) => ids.length, { name: 'load' })
    await expect(async () => load(sparseList())).rejects.toThrow(/Argument 1: a list with holes cannot/)
  })

  test.each<[string, (cache: Untyped) => unknown]>([
    ['getMany', (cache) => cache.getMany?.(sparseList())],
    ['deleteMany', (cache) => cache.deleteMany?.(sparseList())],
    ['getManyOrCompute', (cache) => cache.getManyOrCompute?.(sparseList(), () => [])],
    ['setMany', (cache) => cache.setMany?.(new Array(4_000_000_000))],
    ['invalidate', (cache) => cache.invalidate?.(sparseList())],
    ['warm', (cache) => cache.warm?.(new Array(4_000_000_000))],
    ['set, as its tags', (cache) => cache.set?.('key', 1, { tags: sparseList() })],
  ])('is refused by %s', async (_, call) => {
    const { cache } = createSubject()
    await expect(async () => call(cache as unknown as Untyped)).rejects.toMatchObject({ name: 'LarderError' })
  })

  test('as the tags of a computation is refused or one warning, and is not walked through', async () => {
    const { cache, warn } = createSubject()
    const tags = sparseList() as string[]
    const taggedBefore = cache.getOrCompute('key', () => 1, { tags })
    await expect(taggedBefore).rejects.toMatchObject({ code: 'BAD_TAG' })
    const value = await cache.getOrCompute('key', ({ tag }) => {
      tag(tags)
      return 1
    })
    expect(value).toBe(1)
    expect(warn).toHaveBeenCalledOnce()
  })

  test('is no list of classes', () => {
    const types = new Array(4_000_000_000) as never
    expect(() => createCache({ name: 'test', store: mapStore(), types })).toThrow(/types must be a list/)
  })
})

test('a list with a few holes comes back from bytes with undefined in their place', () => {
  const list: number[] = []
  list[100] = 1
  expect(msgpack().deserialize(msgpack().serialize(list))).toHaveLength(101)
})
