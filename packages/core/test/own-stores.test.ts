import { expect, test } from 'vitest'
import type { LocalTier, OpenLocalStore, OpenStore, Store, StoreContext } from '../src/contracts/store'
import { createCache } from '../src/index'
import { alteredStore } from './support/altered-store'
import { manualClock } from './support/manual-clock'
import { mapTier } from './support/map-tier'
import { createWorld } from './support/world'

const withoutScan = (store: Store) => alteredStore(store, () => ({ scan: undefined }))

test('a shared tier that cannot list its keys works, and keys() lists those in memory', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const cache = createCache({ name: 'test', store: withoutScan(world.store()), clock })
  await cache.set('k', 1)
  expect((await cache.keys()).keys).toEqual([{ namespace: [], key: 'k' }])
  expect(await cache.sweep()).toBe(0)
  const other = createCache({ name: 'test', store: withoutScan(world.store({ local: false })), clock })
  expect(await other.get('k')).toBe(1)
  expect((await other.keys()).keys).toEqual([])
})

/** A store written as classes: methods are not own properties, and use `this`. */
class ClassStore implements Store {
  constructor(private readonly tier: LocalTier) {}
  open(_: StoreContext): OpenStore {
    return new OpenClassStore(this.tier)
  }
}

class OpenClassStore implements OpenLocalStore {
  readonly shared = [] as const
  private isOpen = true
  constructor(private readonly tier: LocalTier) {}
  get local() {
    return this.tier
  }
  async close() {
    this.isOpen = !this.isOpen
  }
}

test('a store of class instances works, enabled or not', async () => {
  for (const enabled of [true, false]) {
    const cache = createCache({
      name: 'test',
      store: new ClassStore(mapTier()),
      enabled,
      clock: manualClock(),
    })
    await cache.set('k', 1)
    expect(await cache.get('k')).toBe(enabled ? 1 : undefined)
    await cache.close()
  }
})
