import { expect, test, vi } from 'vitest'
import { httpCache } from '../src'
import { createApplication } from './support/application'
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

test('after a write, a CDN is told a name that it has seen for the stored response of the path', async () => {
  const purged: string[] = []
  const { fetch } = createApplication({ tagField: 'surrogate-key', purge: (names) => purged.push(...names) })
  const names = (await fetch('/jobs/7')).headers.get('surrogate-key')?.split(' ')
  const others = (await fetch('/jobs/8')).headers.get('surrogate-key')?.split(' ')
  await fetch('/jobs/7', { method: 'PUT' })
  await expect.poll(() => purged.some((name) => names?.includes(name))).toBe(true)
  expect(purged.some((name) => others?.includes(name))).toBe(false)
})

test('private responses have no tags for a CDN', async () => {
  const { fetch } = createApplication({
    tagField: 'cache-tag',
    tags: ['user:ada@example.org'],
    user: () => 'ada',
    scope: 'private',
  })
  for (const run of ['first', 'hit'])
    expect([run, (await fetch('/me')).headers.get('cache-tag')]).toEqual([run, null])
})

test('a response with too many tags for the field is cached, and there is a warning', async () => {
  const tags = Array.from({ length: 2_000 }, (_, id) => `job:${id}`)
  const { fetch, warnings } = createApplication({ tagField: 'surrogate-key', tags })
  for (const run of ['run 1', 'run 1']) {
    const response = await fetch('/jobs')
    expect(response.headers.get('surrogate-key')).toMatch(/^job:~all ~[a-z0-9]+$/)
    expect(await response.text()).toBe(run)
  }
  expect(warnings).toHaveLength(1)
})
