import { expect, test } from 'vitest'
import { createCache, hashOfKey, type LogOperationsOptions, logOperations } from '../../src/index'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

/** A cache, and the lines that are logged of its operations. */
function startLogging(options?: LogOperationsOptions) {
  const cache = createCache({ name: 'shop', store: mapStore(), clock: manualClock() })
  const lines: string[] = []
  const fields: object[] = []
  const stop = logOperations(
    cache,
    {
      debug(details, message) {
        lines.push(message)
        fields.push(details)
      },
    },
    options,
  )
  return { cache, lines, fields, stop }
}

test('hits, misses with their reasons, fills and invalidations are logged', async () => {
  const { cache, lines, fields, stop } = startLogging({ sample: 1, keys: true })
  const read = () => cache.getOrCompute('user:7', () => 1, { tags: ['users'] })
  await read()
  await read()
  await cache.invalidate('users')
  await cache.delete('user:7')
  await cache.getOrCompute('empty', () => 1, { ttl: 0 })
  stop()
  await read()
  expect(lines).toEqual([
    'fill user:7: stored',
    'miss user:7: absent',
    'hit user:7',
    'invalidate users: applied',
    'invalidate user:7: applied',
    'fill empty: skipped (ttl)',
    'miss empty: absent',
  ])
  expect(fields[1]).toEqual({ cache: 'shop', event: 'miss', name: 'user:7', function: '*', reason: 'absent' })
})

test('keys and tags are hashes unless they are allowed, the same in each event', async () => {
  const { cache, lines } = startLogging({ sample: 1 })
  await cache.getOrCompute('user:7', () => 1)
  await cache.delete('user:7')
  const hash = hashOfKey('user:7').toString(36)
  expect(lines).toEqual([`fill ${hash}: stored`, `miss ${hash}: absent`, `invalidate ${hash}: applied`])
})

test('a sample has everything of some keys, and nothing of the others', async () => {
  const { cache, lines } = startLogging({ sample: 0.2, keys: true })
  for (let id = 0; id < 1_000; id += 1) await cache.getOrCompute(`user:${id}`, () => 1)
  const keys = new Set(lines.map((line) => line.split(/ |: /)[1]))
  expect(lines).toHaveLength(2 * keys.size)
  expect(keys.size).toBeGreaterThan(150)
  expect(keys.size).toBeLessThan(250)
})

test('a sample above 1 is refused with what to write', () => {
  expect(() => startLogging({ sample: 10 })).toThrow(
    'sample must be a share from 0 to 1, such as 0.01; got 10.',
  )
})
