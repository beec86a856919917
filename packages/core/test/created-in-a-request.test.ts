import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { createCache, systemClock } from '../src/index'
import { flushPromises } from './support/manual-clock'
import { createWorld } from './support/world'

test('a cache that the first request creates keeps nothing of its context', async () => {
  const request = new AsyncLocalStorage<string>()
  const contexts: unknown[] = []
  const clock = {
    ...systemClock,
    background(_: number, task: () => void) {
      contexts.push(request.getStore())
      return systemClock.background(1, task)
    },
  }
  const world = createWorld(clock)
  const inner = world.store()
  const cache = await request.run('request 1', async () => {
    const created = createCache({
      name: 'test',
      clock,
      store: {
        open(context) {
          contexts.push(request.getStore())
          return inner.open(context)
        },
      },
    })
    await created.getOrCompute('k', () => request.getStore())
    return created
  })
  const syncs: unknown[] = []
  await new Promise<void>((resolve) => {
    cache.on('sync', () => {
      syncs.push(request.getStore())
      if (syncs.length === 3) resolve()
    })
  })
  expect(await cache.get('k')).toBe('request 1')
  expect(contexts.length).toBeGreaterThan(2)
  expect([...contexts, ...syncs].filter((context) => context !== undefined)).toEqual([])
  await cache.close()
  await flushPromises()
})
