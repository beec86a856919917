import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Cache } from '../src/index'
import { mapStore } from './support/map-tier'

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
  return (name: string) => {
    const cache = createCache({ name, store: mapStore() })
    opened.push(cache)
    return cache
  }
}

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
