import { expect, test } from 'vitest'
import type { Store } from '../src/contracts/store'
import { createCache } from '../src/index'
import { isLinkChange, linkRecord } from '../src/invalidation/tag-graph'
import { manualClock } from './support/manual-clock'
import { createWorld, type World } from './support/world'

/** The time that the log takes for an append, in ms. */
const appendTime = 50

/** The log of a store as a test sees it. */
interface ObservedLog {
  refusesLinks: boolean
  /** The names of the invalidations that were appended, in their order. */
  readonly appended: string[]
}

/** A store whose log takes its time for appends, and refuses changes of links on demand. */
function openObservedStore(world: World, observed: ObservedLog, wait: (ms: number) => Promise<void>): Store {
  return {
    open(context) {
      const opened = world.store().open(context)
      const { log } = opened
      if (log === undefined) throw new Error('A world has a log.')
      const append: typeof log.append = async (invalidations, after) => {
        await wait(appendTime)
        if (observed.refusesLinks && invalidations.some(isLinkChange))
          throw new Error('The log refuses links.')
        observed.appended.push(...invalidations.map(({ name }) => name))
        return log.append(invalidations, after)
      }
      return { ...opened, log: { ...log, append } }
    },
  }
}

test('an invalidation follows the links that are being appended again, and waits with them if that fails', async () => {
  const clock = manualClock()
  const observed: ObservedLog = { refusesLinks: true, appended: [] }
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const store = openObservedStore(createWorld(clock), observed, wait)
  const cache = createCache({ name: 'x', store, clock, syncInterval: 800 })
  await clock.advance(100)
  const linked = cache.link('child', 'parent')
  await clock.advance(appendTime)
  expect((await linked).outcome).toBe('queued')

  while (cache.stats().outbox > 0) await clock.advance(10)
  const invalidated = cache.invalidate('parent')
  await clock.advance(3 * appendTime)
  expect((await invalidated).outcome).toBe('queued')

  observed.refusesLinks = false
  await clock.advance(2_000)
  expect(observed.appended).toEqual(['child', linkRecord('link', 'child', 'parent').name, 'parent'])
  await cache.close()
})
