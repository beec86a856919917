import { expect, test } from 'vitest'
import { createApplication } from '../support/application'

test('responses that vary by a credential are stored under digests of it', async () => {
  const { cache, send } = createApplication({
    scope: 'public',
    credentials: ['X-Api-Key'],
    vary: ['authorization', 'x-api-key'],
  })
  const read = (name: string, secret: string) => send('/a', {}, 'GET', { [name]: secret })
  expect(await read('authorization', 'secret 1')).toBe('200 run 1')
  expect(await read('authorization', 'secret 2')).toBe('200 run 2')
  expect(await read('x-api-key', 'secret 2')).toBe('200 run 3')
  expect(await read('authorization', 'secret 1')).toBe('200 run 1')
  expect(await read('x-api-key', 'secret 2')).toBe('200 run 3')
  const { keys } = await cache.keys()
  expect(keys).toHaveLength(3)
  expect(JSON.stringify(keys)).not.toContain('secret')
})

test.each([
  ['to a signed-in client', { authorization: 'Bearer 1' }, {}, 'personal'],
  ['without a time for which it is fresh', {}, { ttl: 0 }, 'no-freshness'],
  [
    'whose tags cannot be found',
    {},
    {
      tags: () => {
        throw new Error('secret')
      },
    },
    'invalid-tags',
  ],
])(
  'a response %s says why it was not stored, if the application asks for it',
  async (_, headers, options, detail) => {
    for (const [bypass, expected] of [
      [true, `larder; fwd=bypass; detail=${detail}`],
      [false, null],
    ] as const) {
      const { fetch } = createApplication({ ...options, cacheStatus: { bypass } })
      const response = await fetch('/a', { headers })
      expect(response.headers.get('cache-status')).toBe(expected)
    }
  },
)
