import { expect, test } from 'vitest'
import type { Store } from '../src/contracts/store'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { createWire, createWorld, type Wire, type World } from './support/world'

/** The time that the log takes for an append, in ms. */
const appendTime = 100

/** The subscription of a process as a test sees it. */
interface Subscription {
  readonly wire: Wire
  /** Tells the follower that messages may be lost. */
  reportLoss(): void
}

/** A store whose log takes its time for appends, and whose subscription can be lost. */
function openStoreOf(world: World, subscription: Subscription, wait: (ms: number) => Promise<void>): Store {
  return {
    open(context) {
      const opened = world.store({ wire: subscription.wire }).open(context)
      const { log } = opened
      if (log === undefined) throw new Error('A world has a log.')
      const append: typeof log.append = async (...args) => {
        await wait(appendTime)
        return log.append(...args)
      }
      const follow: typeof log.follow = (onMessage, onDoubt) => {
        subscription.reportLoss = onDoubt
        return log.follow(onMessage, onDoubt)
      }
      return { ...opened, log: { ...log, append, follow } }
    },
  }
}

test('a subscription that is lost and comes back while the outbox is delivered costs neither side an invalidation', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const subscription: Subscription = { wire: createWire(), reportLoss: () => undefined }
  const options = { name: 'x', clock, syncInterval: 800, maxStaleness: 2_000 }
  const cache = createCache({ ...options, store: openStoreOf(world, subscription, wait) })
  const other = createCache({ ...options, store: world.store() })
  await clock.advance(850)
  const names = Array.from({ length: 2_500 }, (_, index) => `name ${index}`)
  await other.getOrCompute('theirs', () => 'old', { tags: ['name 2499'] })
  await other.getOrCompute('of child', () => 'old', { tags: ['child'] })
  await cache.getOrCompute('mine', () => 'old', { tags: ['changed elsewhere'] })

  subscription.wire.mode = 'fail'
  const invalidated = Promise.all([cache.link('child', 'parent'), cache.invalidate(names)])
  await clock.advance(10 * appendTime)
  expect((await invalidated).map(({ outcome }) => outcome)).toEqual(['queued', 'queued'])
  subscription.wire.mode = 'work'
  while (cache.stats().outbox > 0) await clock.advance(10)

  await clock.advance(appendTime)
  subscription.wire.isDeaf = true
  await other.invalidate('changed elsewhere')
  const afterwards = cache.invalidate('parent')
  subscription.wire.isDeaf = false
  subscription.reportLoss()
  await clock.advance(2_000)

  expect((await afterwards).outcome).toBe('applied')
  expect(cache.stats().outbox).toBe(0)
  expect(await cache.getOrCompute('mine', () => 'new')).toBe('new')
  expect(await other.getOrCompute('theirs', () => 'new')).toBe('new')
  expect(await other.getOrCompute('of child', () => 'new')).toBe('new')
  await Promise.all([cache.close(), other.close()])
})
