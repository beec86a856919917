import { describe, expect, test } from 'vitest'
import type { InvalidationLog } from '../src/contracts/log'
import { type Cache, createCache } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

async function processes() {
  const clock = manualClock()
  const world = createWorld(clock)
  const wires = [createWire(), createWire()] as const
  const make = (own = createWire()): Cache =>
    createCache({ name: 'test', store: world.store({ wire: own }), clock })
  const [a, b] = [make(wires[0]), make(wires[1])]
  await clock.advance(1_000)
  return { clock, world, wires, a, b, make }
}

describe('a log that loses its latest records', () => {
  test('gets the records reissued by a process that saw them', async () => {
    const { a, b, clock, world, make, wires } = await processes()
    await b.set('k', 'old', { tags: ['t'], ttl: '1h' })
    const before = world.position
    await clock.advance(10)
    wires[1].isDeaf = true
    await a.invalidate('t')
    world.failOver(before)
    await clock.advance(1_000)
    expect(await b.get('k')).toBeUndefined()
    const newcomer = make()
    await clock.advance(1_000)
    expect(await newcomer.get('k')).toBeUndefined()
    expect(a.stats().diverged).toBe(1)
  })

  test('keeps the records that were appended meanwhile on the other branch', async () => {
    const { a, b, clock, world, wires } = await processes()
    const before = world.position
    await clock.advance(100)
    await a.set('k', 'from the lost branch', { tags: ['t'], ttl: '1h' })
    wires[0].isDeaf = true
    wires[1].isDeaf = true
    world.failOver(before)
    await b.invalidate('t')
    await clock.advance(2_000)
    expect(await a.get('k')).toBeUndefined()
    expect(await b.get('k')).toBeUndefined()
  })

  test('invalidates entries computed before a link was reissued', async () => {
    const { a, clock, world, wires, make } = await processes()
    await a.link('child', 'parent')
    await clock.advance(90_000)
    await a.invalidate('something later')
    await clock.advance(1_000)
    for (const own of wires) {
      own.mode = 'fail'
      own.isDeaf = true
    }
    await clock.advance(1_000)
    world.flush()
    const newcomer = make()
    await clock.advance(100)
    await newcomer.getOrCompute('k', () => 'old', { tags: ['child'], ttl: '1h' })
    for (const own of wires) {
      own.mode = 'work'
      own.isDeaf = false
    }
    await clock.advance(4_000)
    await a.invalidate('parent')
    await clock.advance(1_000)
    expect(await newcomer.get('k')).toBeUndefined()
  })

  test('is trusted after a failover once every process had the time to reissue records', async () => {
    const { a, b, clock, world, wires } = await processes()
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    expect(await b.get('k')).toBe('old')
    const before = world.position
    await clock.advance(10)
    wires[1].isDeaf = true
    await a.invalidate('t')
    wires[0].mode = wires[1].mode = 'fail'
    await clock.advance(2_500)
    world.failOver(before)
    // The process that knows the invalidation reconnects last.
    wires[1].mode = 'work'
    await clock.advance(1_000)
    expect(await b.getOrCompute('k', () => 'from the source', { cacheIf: () => false })).toBe(
      'from the source',
    )
    wires[0].mode = 'work'
    await clock.advance(3_000)
    expect(await b.getOrCompute('k', () => 'new')).toBe('new')
    expect(await b.get('k')).toBe('new')
  })

  test('gets the links between tags reissued', async () => {
    const { a, b, clock, world } = await processes()
    await a.link('child', 'parent')
    await flushPromises()
    world.flush()
    await clock.advance(2_000)
    await b.set('k', 1, { tags: ['child'] })
    await b.invalidate('parent')
    expect(await b.get('k')).toBeUndefined()
    expect(b.graph()).toEqual([{ child: 'child', parent: 'parent' }])
  })
})

test('a process that has never reached the log does not know the tag graph, so every invalidation ends all its entries', async () => {
  const { a, clock, make, world } = await processes()
  await a.link('child', 'parent')
  await clock.advance(10)
  const own = createWire()
  own.mode = 'fail'
  const newcomer = make(own)
  await newcomer.getOrCompute('k', () => 'old', { tags: ['child'] })
  expect((await newcomer.invalidate('parent')).outcome).toBe('queued')
  expect(await newcomer.getOrCompute('k', () => 'new', { tags: ['child'] })).toBe('new')
  own.mode = 'work'
  await clock.advance(2_000)
  await newcomer.getOrCompute('k', () => 'newer', { tags: ['child'] })
  expect(await newcomer.get('k')).toBe('newer')
  expect(world.entries.size).toBe(1)
})

describe('a store that was flushed', () => {
  test('and whose clock was set back keeps an invalidation in force once it has resolved', async () => {
    const { a, b, clock, world, wires } = await processes()
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    expect(await b.get('k')).toBe('old')
    clock.setWall(clock.now() - 60_000)
    world.flush()
    const invalidating = a.invalidate('t')
    // The log accepts the record at a position before that of the entry, and cannot be repaired yet.
    wires[0].mode = 'hang'
    await clock.advance(1_000)
    expect((await invalidating).outcome).toBe('queued')
    expect(a.peek('k')?.state).not.toBe('fresh')
    wires[0].mode = 'work'
    await clock.advance(2_000)
    expect(await b.get('k')).toBeUndefined()
    expect(a.stats().outbox).toBe(0)
  })

  test('invalidates all earlier entries in every process', async () => {
    const { a, b, clock, world } = await processes()
    await a.set('k', 'old', { ttl: '1h' })
    await b.get('k')
    await clock.advance(10)
    world.flush()
    await clock.advance(1_000)
    expect(await a.get('k')).toBeUndefined()
    expect(await b.get('k')).toBeUndefined()
    expect(await a.getOrCompute('k', () => 'new')).toBe('new')
  })
})

test('a log that is lost while no process is running invalidates all earlier entries', async () => {
  const { a, b, clock, world, make } = await processes()
  await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
  await a.invalidate('t')
  await Promise.all([a.close(), b.close()])
  await clock.advance(10)
  world.loseLog()
  const newcomer = make()
  await clock.advance(1_000)
  expect(await newcomer.get('k')).toBeUndefined()
})

describe('an invalidation that cannot be appended to the log', () => {
  test('is in force in its own process at once, resolves as queued, and reaches other processes later', async () => {
    const { a, b, clock, wires } = await processes()
    await a.set('k', 'old', { tags: ['t'], ttl: '1h' })
    await b.get('k')
    wires[0].mode = 'fail'
    expect(await a.invalidate('t')).toEqual({ outcome: 'queued', token: undefined })
    expect(a.peek('k')?.state).toBe('dead')
    expect(await a.getOrCompute('k', () => 'new', { tags: ['t'] })).toBe('new')
    expect(a.stats().outbox).toBe(1)
    wires[0].mode = 'work'
    await clock.advance(3_000)
    expect(a.stats().outbox).toBe(0)
    expect(await b.get('k')).toBeUndefined()
  })

  test('rejects with ifUnavailable: throw', async () => {
    const { a, wires } = await processes()
    wires[0].mode = 'fail'
    await expect(a.invalidate('t', { ifUnavailable: 'throw' })).rejects.toMatchObject({
      code: 'INVALIDATION_QUEUED',
    })
  })

  test('stays in force after a later soft invalidation was applied', async () => {
    const { a, wires } = await processes()
    await a.set('k', 'old', { ttl: '1h', staleWhileRevalidate: '1h' })
    wires[0].mode = 'fail'
    await a.clear()
    wires[0].mode = 'work'
    expect((await a.clear({ mode: 'soft' })).outcome).toBe('applied')
    expect(a.peek('k')?.state).toBe('dead')
  })

  test('lets later callers share one computation', async () => {
    const { a, wires } = await processes()
    wires[0].mode = 'fail'
    await a.invalidate('t')
    let runs = 0
    const compute = async () => {
      runs += 1
      await flushPromises()
      return runs
    }
    const callers = Array.from({ length: 20 }, () => a.getOrCompute('k', compute, { tags: ['t'] }))
    expect(new Set(await Promise.all(callers))).toEqual(new Set([1]))
  })

  test('becomes an invalidation of everything when the outbox is full', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const own = createWire()
    const cache = createCache({ name: 'test', store: world.store({ wire: own }), clock, maxOutbox: 3 })
    const other = createCache({ name: 'test', store: world.store(), clock })
    await clock.advance(1_000)
    await other.set('k', 'untagged', { ttl: '1h' })
    own.mode = 'fail'
    for (const tag of ['a', 'b', 'c', 'd', 'e']) await cache.invalidate(tag)
    expect(cache.stats().outbox).toBeLessThanOrEqual(3)
    own.mode = 'work'
    await clock.advance(3_000)
    expect(await other.get('k')).toBeUndefined()
  })
})

test('a clear before the first sync stays in force until the log has confirmed it', async () => {
  const { a, clock, world } = await processes()
  await a.set('k', 'old', { ttl: '1h' })
  const store = world.store()
  let isReadOnly = true
  const cache = createCache({
    name: 'test',
    clock,
    store: {
      open(context) {
        const { log, ...rest } = store.open(context)
        const append: InvalidationLog['append'] = (...args) =>
          isReadOnly ? Promise.reject(new Error('READONLY')) : log!.append(...args)
        return { ...rest, log: { ...log!, append } }
      },
    },
  })
  expect((await cache.clear()).outcome).toBe('queued')
  await clock.advance(1_000)
  expect(await cache.get('k')).toBeUndefined()
  expect(await a.get('k')).toBe('old')
  isReadOnly = false
  await clock.advance(5_000)
  expect(cache.stats().outbox).toBe(0)
  expect(await a.get('k')).toBeUndefined()
  await a.set('k', 'new')
  expect(await cache.get('k')).toBe('new')
})

describe('before the first sync', () => {
  test('no entry is written to the shared store, and local entries are served for maxStaleness', async () => {
    const clock = manualClock()
    const world = createWorld(clock)
    const own = createWire()
    own.mode = 'fail'
    const cache = createCache({ name: 'test', store: world.store({ wire: own }), clock })
    let runs = 0
    const read = () => cache.getOrCompute('k', () => ++runs)
    const callers = await Promise.all(Array.from({ length: 50 }, read))
    expect(new Set(callers)).toEqual(new Set([1]))
    await clock.advance(1_500)
    expect(await read()).toBe(1)
    await clock.advance(600)
    expect(await read()).toBe(2)
    expect(world.entries.size).toBe(0)
  })
})

test('an invalidated entry is not served after its tag was dropped from the tag table', async () => {
  const clock = manualClock()
  const world = createWorld(clock)
  const cache = createCache({ name: 'test', store: world.store(), clock, maxKnownTags: 100 })
  await clock.advance(1_000)
  await cache.set('k', 'old', { tags: ['first'], ttl: '1h' })
  await cache.invalidate('first')
  for (let at = 0; at < 200; at += 1) await cache.invalidate(`other-${at}`)
  expect(await cache.get('k')).toBeUndefined()
})
