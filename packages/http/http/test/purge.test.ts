import { expect, test, vi } from 'vitest'
import { httpCache } from '../src'
import { memoryCache } from './support/memory-cache'

test.each([
  ['rejects', async () => Promise.reject(new Error('the CDN is down'))],
  [
    'throws',
    () => {
      throw new Error('the CDN is down')
    },
  ],
])('each failure of a purge that %s is reported, with its tags', async (_, purge) => {
  const cache = memoryCache()
  const warnings = vi.fn()
  cache.on('warning', ({ message }) => warnings(message))
  httpCache({ cache, purge })
  await cache.invalidate(['jobs', 'users'])
  await cache.invalidate('jobs')
  await expect
    .poll(() => warnings.mock.calls.flat())
    .toEqual([
      'httpCache: purge failed for 2 tags, beginning with "jobs": the CDN is down',
      'httpCache: purge failed for 1 tags, beginning with "jobs": the CDN is down',
    ])
})
