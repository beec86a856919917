import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Cache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWorld } from './support/world'

const warnings: string[] = []
const opened: Cache[] = []

beforeEach(() => {
  warnings.length = 0
  vi.resetModules()
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(String(text)))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((cache) => cache.close()))
  vi.restoreAllMocks()
})

/** Evaluates the module once more, as another bundle or module format does. */
async function loadCopy() {
  vi.resetModules()
  const { createCache } = await import('../src/index')
  const clock = manualClock()
  const world = createWorld(clock)
  return (name: string, isShared = false) => {
    const cache = createCache({ name, store: isShared ? world.store() : mapStore(), clock })
    opened.push(cache)
    return cache
  }
}

test('caches of one name in two copies of the module warn that they share nothing', async () => {
  const [createInOne, createInOther] = [await loadCopy(), await loadCopy()]
  createInOne('users')
  createInOne('users')
  createInOther('orders')
  expect(warnings).toEqual([])
  createInOther('users')
  expect(warnings).toEqual([
    expect.stringMatching(/another copy of @larder\/core .* a cache "users" in memory/),
  ])
})

test('a closed cache in another copy, or caches with a shared store, need no warning', async () => {
  const [createInOne, createInOther] = [await loadCopy(), await loadCopy()]
  await createInOne('users').close()
  createInOne('shared', true)
  createInOther('users')
  createInOther('shared', true)
  expect(warnings).toEqual([])
})

test('without AsyncLocalStorage, one warning says that dependencies are not found, and transactions are refused', async () => {
  const getBuiltinModule = process.getBuiltinModule
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((id: string) =>
    id === 'node:async_hooks' ? undefined : getBuiltinModule(id),
  )
  const create = await loadCopy()
  const cache = create('users')
  create('orders')
  expect(warnings).toEqual([expect.stringMatching(/no AsyncLocalStorage.*name their tags/)])
  const work = vi.fn()
  const refusal = {
    code: 'NO_ASYNC_CONTEXT',
    message: expect.stringMatching(/await cache\.invalidate\(tags\)/),
  }
  await expect(cache.transaction(work)).rejects.toMatchObject(refusal)
  expect(() => cache.beginTransaction().run(work)).toThrow(expect.objectContaining(refusal))
  expect(work).not.toHaveBeenCalled()
  expect(await cache.getOrCompute('k', () => 1)).toBe(1)
})
