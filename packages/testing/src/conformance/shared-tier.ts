import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { SharedTier } from '@larder/core'
import { awkwardNames, contentOf, entryAt } from './bytes'
import { type Check, eventually, type Subject } from './check'

const minute = 60_000

function nearest({ open }: Pick<Subject, 'open'>, cache?: string): SharedTier {
  const [tier] = open(cache).shared
  ok(tier, 'The store has a shared tier.')
  return tier
}

const read = async (tier: SharedTier, key: string) => contentOf((await tier.get([key]))[0])

async function scanned(tier: SharedTier): Promise<string[]> {
  const found = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await tier.scan(cursor, 5)
    for (const key of page.keys) found.add(key)
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...found]
}

/** What every {@link SharedTier} promises. */
export const sharedTierChecks: readonly Check[] = [
  {
    promise: 'what was written is read, byte for byte',
    async run(subject) {
      const tier = nearest(subject)
      const all = Uint8Array.from({ length: 256 }, (_, at) => at)
      const large = new Uint8Array(1_000_000).fill(7)
      await tier.set([
        { key: 'all', bytes: entryAt(1, all), keepFor: minute },
        { key: 'large', bytes: entryAt(2, large), keepFor: minute },
      ])
      const [first, second] = await tier.get(['all', 'large'])
      deepStrictEqual(Uint8Array.from(first ?? []), entryAt(1, all))
      deepStrictEqual(Uint8Array.from(second ?? []), entryAt(2, large))
    },
  },
  {
    promise: 'answers come in the order of the keys, and are undefined where there is nothing',
    async run(subject) {
      const tier = nearest(subject)
      const keys = Array.from({ length: 20 }, (_, at) => `key ${at}`)
      const present = keys.filter((_, at) => at % 3 !== 0)
      await tier.set(present.map((key) => ({ key, bytes: entryAt(1, key), keepFor: minute })))
      const found = (await tier.get(keys.toReversed())).map(contentOf)
      deepStrictEqual(
        found,
        keys.toReversed().map((key) => (present.includes(key) ? key : undefined)),
      )
      deepStrictEqual(await tier.get([]), [])
    },
  },
  {
    promise: 'keys of any characters stay apart',
    async run(subject) {
      const tier = nearest(subject)
      await tier.set(awkwardNames.map((key) => ({ key, bytes: entryAt(1, key), keepFor: minute })))
      deepStrictEqual((await tier.get(awkwardNames)).map(contentOf), awkwardNames)
    },
  },
  {
    promise: 'a newer entry is never replaced by an older one',
    async run(subject) {
      const tier = nearest(subject)
      await tier.set([{ key: 'k', bytes: entryAt(10, 'newer'), keepFor: minute }])
      await tier.set([{ key: 'k', bytes: entryAt(9, 'older'), keepFor: minute }])
      strictEqual(await read(tier, 'k'), 'newer')
      await tier.set([{ key: 'k', bytes: entryAt(10, 'as new'), keepFor: minute }])
      strictEqual(await read(tier, 'k'), 'as new')
    },
  },
  {
    promise: 'a delete removes what is older than its position, and leaves what is not',
    async run(subject) {
      const tier = nearest(subject)
      await tier.set([
        { key: 'older', bytes: entryAt(9), keepFor: minute },
        { key: 'newer', bytes: entryAt(10), keepFor: minute },
      ])
      await tier.delete(['older', 'newer', 'absent'], 10, 0)
      strictEqual(await read(tier, 'older'), undefined)
      strictEqual(await read(tier, 'newer'), 'content')
    },
  },
  {
    promise: 'a delete refuses older entries that arrive late, and only those',
    async run(subject) {
      const tier = nearest(subject)
      await tier.delete(['k'], 10, minute)
      await tier.set([{ key: 'k', bytes: entryAt(9, 'late'), keepFor: minute }])
      strictEqual(await read(tier, 'k'), undefined)
      await tier.set([{ key: 'k', bytes: entryAt(10, 'newer'), keepFor: minute }])
      strictEqual(await read(tier, 'k'), 'newer')
    },
  },
  {
    promise: 'an entry is gone after the time it is kept for',
    async run(subject) {
      const tier = nearest(subject)
      await tier.set([
        { key: 'short', bytes: entryAt(1), keepFor: 40 },
        { key: 'long', bytes: entryAt(1), keepFor: minute },
      ])
      await eventually('the entry is gone', async () => (await read(tier, 'short')) === undefined)
      strictEqual(await read(tier, 'long'), 'content')
    },
  },
  {
    promise: 'a scan finds every key of its cache, and none of another',
    async run(subject) {
      const [own, other] = [nearest(subject), nearest(subject)]
      const keys = [...awkwardNames, ...Array.from({ length: 300 }, (_, at) => `key ${at}`)]
      await own.set(keys.map((key) => ({ key, bytes: entryAt(1), keepFor: minute })))
      await other.set([{ key: 'of another cache', bytes: entryAt(1), keepFor: minute }])
      deepStrictEqual(new Set(await scanned(own)), new Set(keys))
    },
  },
  {
    promise: 'caches of one name share their entries, caches of different names do not',
    async run(subject) {
      const [one, same, other] = [nearest(subject, 'one'), nearest(subject, 'one'), nearest(subject, 'other')]
      await one.set([{ key: 'k', bytes: entryAt(1), keepFor: minute }])
      strictEqual(await read(same, 'k'), 'content')
      strictEqual(await read(other, 'k'), undefined)
    },
  },
]
