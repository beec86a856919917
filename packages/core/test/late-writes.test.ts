import { expect, test } from 'vitest'
import type { SharedTier, Store } from '../src/contracts/store'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { createWorld, type World } from './support/world'

/** A store whose writes arrive once `arrival` has resolved. */
function openSlowStore(world: World, arrival: Promise<void>): Store {
  return {
    open(context) {
      const opened = world.store({ local: false }).open(context)
      const { log } = opened
      if (log === undefined) throw new Error('A world has a log.')
      const delayWrites = (tier: SharedTier): SharedTier => ({
        ...tier,
        set: async (writes) => {
          await arrival
          return tier.set(writes)
        },
      })
      return { ...opened, log, shared: opened.shared.map(delayWrites) }
    },
  }
}

test.each(['hard', 'soft'] as const)(
  'a value from before a %s deletion whose record is forgotten arrives, and is not served',
  async (mode) => {
    const clock = manualClock()
    const world = createWorld(clock)
    let arrive: () => void = () => undefined
    const arrival = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const options = { name: 'x', clock, syncInterval: 800 }
    const slow = createCache({ ...options, store: openSlowStore(world, arrival) })
    const other = createCache({ ...options, store: world.store({ local: false }) })
    await clock.advance(850)
    expect(await slow.getOrCompute('k', () => 'old')).toBe('old')

    await other.delete('k', { mode })
    world.handOutKeyRecords()
    await clock.advance(1_600)
    arrive()
    await clock.advance(10)
    expect(await other.getOrCompute('k', () => 'new')).toBe('new')
    await Promise.all([slow.close(), other.close()])
  },
)
