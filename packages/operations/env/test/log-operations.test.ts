import { createCache } from '@larder/core'
import { expect, test, vi } from 'vitest'
import { configFromEnv, type Environment, logOperationsFromEnv } from '../src/index'

/** The lines that are logged of one read. */
async function linesWith(env: Environment): Promise<readonly string[]> {
  await using cache = createCache({ name: 'shop', ...configFromEnv(env) })
  const debug = vi.fn()
  logOperationsFromEnv(cache, { debug }, env)
  await cache.get('user:7')
  return debug.mock.calls.map(([, message]) => message)
}

test('operations are logged as the environment says, and not at all without a variable', async () => {
  expect(await linesWith({})).toEqual([])
  expect(await linesWith({ CACHE_LOG_OPERATIONS: '0' })).toEqual([])
  expect(await linesWith({ CACHE_LOG_OPERATIONS: '1', CACHE_LOG_KEYS: 'true' })).toEqual([
    'miss user:7: absent',
  ])
  expect(await linesWith({ CACHE_LOG_OPERATIONS: '1' })).toEqual([
    expect.stringMatching(/^miss \w+: absent$/),
  ])
})

test('a share above 1 is refused with what to write', async () => {
  await expect(linesWith({ CACHE_LOG_OPERATIONS: '10' })).rejects.toThrow(
    'CACHE_LOG_OPERATIONS is "10". Write a share from 0 to 1, such as 0.01.',
  )
})
