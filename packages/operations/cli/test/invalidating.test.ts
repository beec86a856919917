// needs: redis
import { createCache } from '@larder/core'
import { redisStore } from '@larder/redis'
import { until } from '@larder/servers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runLarder, runLarderJson } from './support/larder'
import { openShop, type Shop } from './support/shop'

let shop: Shop
let url = ''

beforeAll(async () => {
  shop = await openShop()
  url = shop.server.url
})
afterAll(() => shop[Symbol.asyncDispose]())
beforeEach(async () => {
  await shop.cache.setMany(
    [
      ['a', 1],
      ['b', 2],
    ],
    { tags: ['t'] },
  )
  await shop.cache.namespace('users').set('a', 3, { tags: ['u'] })
})

const strong = { consistency: 'strong' } as const
const readEntries = () => shop.cache.getMany(['a', 'b'], strong)
const readUserEntry = () => shop.cache.namespace('users').get('a', strong)

test('invalidate removes every entry with one of the tags from a running process', async () => {
  const { code, output } = await runLarder(url, ['invalidate', 't', 'other'])
  expect(output).toMatch(/^Invalidated: t, other\.\nToken: shop@\S+\n$/)
  expect(code).toBe(0)
  expect(await readEntries()).toEqual([undefined, undefined])
  expect(await readUserEntry()).toBe(3)
})

test('the token that invalidate prints can be given to a read as `after`', async () => {
  const [{ token }] = (await runLarderJson(url, 'invalidate', 't')) as [{ token: string }]
  expect(await shop.cache.get('a', { after: token })).toBeUndefined()
})

test('invalidate --key removes single entries, within the namespace if one is given', async () => {
  expect(await runLarderJson(url, 'invalidate', '--key', 'a')).toMatchObject([
    { outcome: 'applied', mode: 'hard', tags: [], keys: ['a'] },
  ])
  expect(await readEntries()).toEqual([undefined, 2])
  expect(await readUserEntry()).toBe(3)
  await runLarderJson(url, 'invalidate', '--key', 'a', '--namespace', 'users')
  expect(await readUserEntry()).toBeUndefined()
})

test('invalidate --soft keeps entries that may be served as stale', async () => {
  await shop.cache.set('c', 1, { tags: ['soft'], staleWhileRevalidate: '1h' })
  await runLarderJson(url, 'invalidate', 'soft', '--soft')
  await until(
    'the entry is stale in this process',
    async () => (await shop.cache.explain('c')).outcome === 'stale',
  )
})

test('invalidate --pattern removes the keys that match, after their number is confirmed', async () => {
  await shop.cache.setMany(Array.from({ length: 12 }, (_, index) => [`cart:${index}`, index] as const))
  const { code, output, hints } = await runLarder(url, ['invalidate', '--pattern', 'cart:*'], {
    answer: 'yes',
  })
  expect(hints).toBe('This invalidates 12 keys (cart:0, cart:1, cart:10, …). Type yes to confirm: ')
  expect(output).toMatch(/^Invalidated: 12 keys that match cart:\*\.\nToken: /)
  expect(code).toBe(0)
  expect(await shop.cache.getMany(['cart:0', 'cart:11', 'a'], strong)).toEqual([undefined, undefined, 1])
})

test('invalidate --pattern removes no entry, and no tag named beside it, without the confirmation', async () => {
  const refused = await runLarder(url, ['invalidate', 't', '--pattern', '*'], { answer: 'y' })
  expect(refused).toMatchObject({ code: 1, output: '' })
  expect(refused.hints).toContain('Nothing was invalidated.')
  expect(await readEntries()).toEqual([1, 2])
})

test('invalidate --pattern --yes does not ask, and stays in the given namespace', async () => {
  expect(
    await runLarderJson(url, 'invalidate', '--pattern', '*', '--namespace', 'users', '--yes'),
  ).toMatchObject([{ outcome: 'applied', keys: ['a'] }])
  expect(await readUserEntry()).toBeUndefined()
  expect(await readEntries()).toEqual([1, 2])
})

test('invalidate --pattern that matches no key asks nothing', async () => {
  const { code, output, hints } = await runLarder(url, ['invalidate', '--pattern', 'nothing*'], {
    answer: 'no',
  })
  expect({ code, hints }).toEqual({ code: 0, hints: '' })
  expect(output).toBe('No key matches nothing*, so nothing was invalidated.\n')
})

test('an invalid tag is refused with the reason, without its control characters', async () => {
  const { code, hints } = await runLarder(url, ['invalidate', 'a\u001bb'])
  expect(hints).toContain('A tag is a string of 1 to 512 characters')
  expect(hints).not.toContain('\u001b')
  expect(code).toBe(1)
})

test('clear removes every entry after the name of the cache is typed', async () => {
  const { code, output, hints } = await runLarder(url, ['clear'], { answer: 'shop' })
  expect(hints).toContain(`This invalidates every entry of "shop" at 127.0.0.1:${shop.server.port}.`)
  expect(output).toMatch(/^Cleared "shop"\.\nToken: /)
  expect(code).toBe(0)
  expect(await readEntries()).toEqual([undefined, undefined])
  expect(await readUserEntry()).toBeUndefined()
})

test('clear removes no entry if anything other than the name is typed', async () => {
  expect(await runLarder(url, ['clear'], { answer: 'yes' })).toMatchObject({ code: 1, output: '' })
  expect(await readEntries()).toEqual([1, 2])
})

test('clear --yes does not ask, and clears only the given namespace', async () => {
  expect(await runLarderJson(url, 'clear', '--yes', '--namespace', 'users')).toMatchObject([
    { outcome: 'applied', name: 'shop', namespace: ['users'] },
  ])
  expect(await readUserEntry()).toBeUndefined()
  expect(await readEntries()).toEqual([1, 2])
})

test('clear leaves the tag separator of the processes as the one that the log records', async () => {
  const options = { name: 'files', tagSeparator: '/' }
  await using files = createCache({ ...options, store: redisStore({ url }) })
  await files.ready()
  await runLarderJson(url, 'clear', '--yes', '--name', 'files')
  await using other = createCache({ ...options, store: redisStore({ url }) })
  const warnings: unknown[] = []
  other.on('warning', (warning) => warnings.push(warning))
  await other.ready()
  expect(warnings).toEqual([])
})
