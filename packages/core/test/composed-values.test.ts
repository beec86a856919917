import { describe, expect, test } from 'vitest'
import { createCache, type Store } from '../src/index'
import { blockedComputation } from './support/blocked-computation'
import { manualClock } from './support/manual-clock'
import { mapStore, mapTier } from './support/map-tier'
import { createWire, createWorld } from './support/world'

/** Two processes with one log and one database. Their local clocks are one. */
async function twoProcesses(options: object = {}) {
  const clock = manualClock()
  const world = createWorld(clock)
  const wires = [createWire(), createWire()] as const
  const [a, b] = wires.map((wire) =>
    createCache({ name: 'test', store: world.store({ wire }), clock, ttl: '1h', ...options }),
  ) as [ReturnType<typeof createCache>, ReturnType<typeof createCache>]
  await clock.advance(1_000)
  const database = { user: 'old' }
  const userIn = (cache: typeof a) => cache.getOrCompute('user', () => database.user, { tags: ['user:7'] })
  return { clock, wires, a, b, database, userIn }
}

describe('a value made of a value whose source lags', () => {
  test.each(['getOrCompute', 'getManyOrCompute'] as const)(
    'by %s is not kept with the row from before an invalidation',
    async (method) => {
      const clock = manualClock()
      const cache = createCache({ name: 'test', store: mapStore(), clock, ttl: '1h' })
      let replica = 'old'
      const user = () => cache.getOrCompute('user', () => replica, { tags: ['user:7'], sourceLag: '3s' })
      const page = async () =>
        method === 'getOrCompute'
          ? cache.getOrCompute('page', async () => `page of ${await user()}`)
          : (
              await cache.getManyOrCompute(['page'], async (keys) => {
                const name = await user()
                return keys.map(() => `page of ${name}`)
              })
            )[0]
      await clock.advance(10_000)
      await cache.invalidate('user:7')
      expect(await page()).toBe('page of old')
      replica = 'new'
      await clock.advance(4_000)
      expect(await user()).toBe('new')
      expect(await page()).toBe('page of new')
    },
  )

  test('is not kept while the invalidation waits for a log that is out of reach', async () => {
    const { a, clock, wires } = await twoProcesses()
    let replica = 'old'
    const user = () => a.getOrCompute('user', () => replica, { tags: ['user:7'], sourceLag: '1s' })
    const page = () => a.getOrCompute('page', async () => `page of ${await user()}`)
    await user()
    wires[0].mode = 'fail'
    wires[0].isDeaf = true
    expect((await a.invalidate('user:7')).outcome).toBe('queued')
    expect(await page()).toBe('page of old')
    replica = 'new'
    await clock.advance(1_500)
    expect(await page()).toBe('page of new')
  })

  test('is not shared with a caller that arrives later than the row may lag', async () => {
    const { a, clock } = await twoProcesses()
    let replica = 'old'
    const user = () => a.getOrCompute('user', () => replica, { tags: ['user:7'], sourceLag: '1s' })
    const page = () =>
      a.getOrCompute('page', async () => {
        const name = await user()
        await new Promise<void>((resolve) => clock.timeout(2_000, resolve))
        return `page of ${name}`
      })
    await a.invalidate('user:7')
    const first = page()
    await clock.advance(1_500)
    replica = 'new'
    const second = page()
    await clock.advance(2_000)
    expect(await first).toBe('page of old')
    await clock.advance(2_000)
    expect(await second).toBe('page of new')
  })
})

describe('a demand that cannot be met, because the log is out of reach,', () => {
  /** Process B has a recent copy of the user and does not learn that A has changed it. */
  async function changedElsewhere() {
    const processes = await twoProcesses()
    const { a, b, wires, clock, database, userIn } = processes
    await userIn(b)
    wires[1].mode = 'fail'
    wires[1].isDeaf = true
    database.user = 'new'
    const { token } = await a.invalidate('user:7')
    await clock.advance(1)
    return { ...processes, b, token }
  }

  test.each(['after', 'strong'] as const)(
    '(%s) applies to the values inside a computed one',
    async (kind) => {
      const { b, token, userIn } = await changedElsewhere()
      const demand = kind === 'strong' ? ({ consistency: 'strong' } as const) : { after: token }
      const page = () => b.getOrCompute('page', async () => `page of ${await userIn(b)}`, demand)
      expect(await page()).toBe('page of new')
    },
  )

  test('applies two computations deep', async () => {
    const { b, token, userIn } = await changedElsewhere()
    const inner = () => b.getOrCompute('inner', () => userIn(b))
    expect(await b.getOrCompute('outer', inner, { after: token })).toBe('new')
  })

  test('applies to the values inside many that are computed together', async () => {
    const { b, token, userIn } = await changedElsewhere()
    const compute = async (keys: string[]) => {
      const user = await userIn(b)
      return keys.map(() => user)
    }
    expect(await b.getManyOrCompute(['x', 'y'], compute, { after: token })).toEqual(['new', 'new'])
  })

  test('applies to `get` inside a computation', async () => {
    const { b, token } = await changedElsewhere()
    const page = () => b.getOrCompute('page', async () => (await b.get('user')) ?? 'none', { after: token })
    expect(await page()).toBe('none')
  })
})

describe('a soft invalidation', () => {
  test('does not let a process that is cut off serve past the bound what a hard one has ended', async () => {
    const { a, b, wires, clock, userIn, database } = await twoProcesses()
    await userIn(b)
    await a.invalidate('user:7', { mode: 'soft' })
    wires[1].mode = 'fail'
    wires[1].isDeaf = true
    database.user = 'new'
    await a.invalidate('user:7')
    await clock.advance(5_000)
    expect(await userIn(b)).toBe('new')
  })

  test('of one part does not lift the bound from the other parts of a computed value', async () => {
    const { a, b, wires, clock, userIn, database } = await twoProcesses()
    const page = () => b.getOrCompute('page', () => userIn(b), { tags: ['feed'] })
    await page()
    await a.invalidate('feed', { mode: 'soft' })
    wires[1].mode = 'fail'
    wires[1].isDeaf = true
    database.user = 'new'
    await a.invalidate('user:7')
    await clock.advance(5_000)
    expect(await page()).toBe('new')
  })

  test('still allows a current process to serve the old value while it computes a new one', async () => {
    const { b, userIn, database, clock } = await twoProcesses()
    await userIn(b)
    database.user = 'new'
    await b.invalidate('user:7', { mode: 'soft' })
    expect(await userIn(b)).toBe('old')
    await clock.advance(10)
    expect(await userIn(b)).toBe('new')
  })
})

test('a value made of one that was softly ended while its refresh ran, and failed, is stale', async () => {
  const clock = manualClock()
  const local = mapTier()
  const store: Store = { open: () => ({ local, shared: [], close: async () => undefined }) }
  const windows = { ttl: '1h', staleWhileRevalidate: '1h', staleIfError: '1h', refreshAhead: 0.5 } as const
  const cache = createCache({ name: 'test', store, clock, ...windows })
  const source = blockedComputation('old')
  const readUser = (compute: () => Promise<string>) =>
    cache.getOrCompute('user', compute, { tags: ['user:7'] })
  await readUser(async () => 'old')
  await clock.advance(1_900_000)
  await readUser(() => source.compute().then(() => Promise.reject(new Error('down'))))
  await cache.invalidate('user:7', { mode: 'soft' })
  // Evicted: the next reader waits for the refresh.
  local.delete('user')
  const reading = cache.getOrCompute('page', async () => `page of ${await readUser(async () => 'new')}`)
  await source.release()
  expect(await reading).toBe('page of old')
  expect(cache.peek('page')?.state).toBe('stale')
})

test('a value made of the value of a key does not depend on the key that its name begins with', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), ttl: '1h' })
  let runs = 0
  const page = () =>
    cache.getOrCompute('page', async () => {
      runs += 1
      return `page of ${await cache.getOrCompute('users:1', () => 'Ada')}`
    })
  await page()
  await cache.delete('users')
  await page()
  expect(runs).toBe(1)
  await cache.delete('users:1')
  await page()
  expect(runs).toBe(2)
})
