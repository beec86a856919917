import { expect, test } from 'vitest'
import { createCache, type MissReason } from '../src/index'
import { manualClock } from './support/manual-clock'
import { createWorld } from './support/world'

/** A cache without a tier in its process, and why it missed. */
async function onlyShared() {
  const clock = manualClock()
  const world = createWorld(clock)
  const cache = createCache({ name: 'test', store: world.store({ local: false }), clock, ttl: '10s' })
  await clock.advance(1_000)
  const reasons: MissReason[] = []
  cache.on('miss', ({ reason }) => reasons.push(reason))
  const read = async () => {
    await cache.getOrCompute('k', () => 1, { tags: ['t'], staleIfError: '1h' })
    await clock.advance(100)
  }
  return { cache, clock, world, reasons, read }
}

test('a miss says why, also where only a shared tier had the entry', async () => {
  const { cache, clock, world, reasons, read } = await onlyShared()
  await read()
  await clock.advance(20_000)
  await read()
  await cache.invalidate('t')
  await read()
  for (const [key] of world.entries) world.entries.set(key, new TextEncoder().encode('nothing but garbage'))
  await read()
  expect(reasons).toEqual(['absent', 'expired', 'invalidated', 'unreadable'])
})
