import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { ScanPage, SharedTier } from '@larder/core'
import { type Check, type StoreUnderTest, waitUntil } from './check'
import { awkwardNames, createEntry, decodeContent } from './sample-entries'

const minute = 60_000

function openSharedTier({ open }: Pick<StoreUnderTest, 'open'>, cache?: string): SharedTier {
  const [tier] = open(cache).shared
  ok(tier, 'The store has a shared tier.')
  return tier
}

const readContent = async (tier: SharedTier, key: string) => decodeContent((await tier.get([key]))[0])

async function scanAll(tier: SharedTier): Promise<string[]> {
  const found = new Set<string>()
  let cursor: string | undefined
  do {
    const page: ScanPage | undefined = await tier.scan?.(cursor, 5)
    ok(page, 'The tier lists its keys.')
    for (const key of page.keys) found.add(key)
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...found]
}

/** The contract of {@link SharedTier}. */
export const sharedTierChecks: readonly Check[] = [
  {
    guarantee: 'a written entry is read back byte for byte',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      const all = Uint8Array.from({ length: 256 }, (_, index) => index)
      const large = new Uint8Array(1_000_000).fill(7)
      await tier.set([
        { key: 'all', bytes: createEntry(1, all), keepFor: minute },
        { key: 'large', bytes: createEntry(2, large), keepFor: minute },
      ])
      const [first, second] = await tier.get(['all', 'large'])
      deepStrictEqual(Uint8Array.from(first ?? []), createEntry(1, all))
      deepStrictEqual(Uint8Array.from(second ?? []), createEntry(2, large))
    },
  },
  {
    guarantee: 'get returns values in the order of the keys, with undefined for absent keys',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`)
      const present = keys.filter((_, index) => index % 3 !== 0)
      await tier.set(present.map((key) => ({ key, bytes: createEntry(1, key), keepFor: minute })))
      const found = (await tier.get(keys.toReversed())).map(decodeContent)
      deepStrictEqual(
        found,
        keys.toReversed().map((key) => (present.includes(key) ? key : undefined)),
      )
      deepStrictEqual(await tier.get([]), [])
    },
  },
  {
    guarantee: 'keys that differ in any character are different keys',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      await tier.set(awkwardNames.map((key) => ({ key, bytes: createEntry(1, key), keepFor: minute })))
      deepStrictEqual((await tier.get(awkwardNames)).map(decodeContent), awkwardNames)
    },
  },
  {
    guarantee: 'a newer entry is never replaced by an older one',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      await tier.set([{ key: 'k', bytes: createEntry(10, 'newer'), keepFor: minute }])
      await tier.set([{ key: 'k', bytes: createEntry(9, 'older'), keepFor: minute }])
      strictEqual(await readContent(tier, 'k'), 'newer')
      await tier.set([{ key: 'k', bytes: createEntry(10, 'as new'), keepFor: minute }])
      strictEqual(await readContent(tier, 'k'), 'as new')
    },
  },
  {
    guarantee: 'delete removes entries older than its position and keeps the others',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      await tier.set([
        { key: 'older', bytes: createEntry(9), keepFor: minute },
        { key: 'newer', bytes: createEntry(10), keepFor: minute },
      ])
      await tier.delete(['older', 'newer', 'absent'], 10, 0)
      strictEqual(await readContent(tier, 'older'), undefined)
      strictEqual(await readContent(tier, 'newer'), 'content')
    },
  },
  {
    guarantee: 'after a delete, late writes of older entries are refused and newer ones accepted',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      await tier.delete(['k'], 10, minute)
      await tier.set([{ key: 'k', bytes: createEntry(9, 'late'), keepFor: minute }])
      strictEqual(await readContent(tier, 'k'), undefined)
      await tier.set([{ key: 'k', bytes: createEntry(10, 'newer'), keepFor: minute }])
      strictEqual(await readContent(tier, 'k'), 'newer')
    },
  },
  {
    guarantee: 'an entry expires after its keepFor time',
    async verifyStore(subject) {
      const tier = openSharedTier(subject)
      await tier.set([
        { key: 'short', bytes: createEntry(1), keepFor: 40 },
        { key: 'long', bytes: createEntry(1), keepFor: minute },
      ])
      await waitUntil('the entry has expired', async () => (await readContent(tier, 'short')) === undefined)
      strictEqual(await readContent(tier, 'long'), 'content')
    },
  },
  {
    guarantee: 'caches with the same name share entries, caches with different names do not',
    async verifyStore(subject) {
      const [one, same, other] = [
        openSharedTier(subject, 'one'),
        openSharedTier(subject, 'one'),
        openSharedTier(subject, 'other'),
      ]
      await one.set([{ key: 'k', bytes: createEntry(1), keepFor: minute }])
      strictEqual(await readContent(same, 'k'), 'content')
      strictEqual(await readContent(other, 'k'), undefined)
    },
  },
]

/** The contract of `SharedTier.scan`, which is optional. */
export const scanChecks: readonly Check[] = [
  {
    guarantee: 'scan returns every key of its cache and no key of another cache',
    async verifyStore(subject) {
      const [first, second] = [openSharedTier(subject), openSharedTier(subject)]
      const keys = [...awkwardNames, ...Array.from({ length: 300 }, (_, index) => `key ${index}`)]
      await first.set(keys.map((key) => ({ key, bytes: createEntry(1), keepFor: minute })))
      await second.set([{ key: 'of another cache', bytes: createEntry(1), keepFor: minute }])
      deepStrictEqual(new Set(await scanAll(first)), new Set(keys))
    },
  },
]
