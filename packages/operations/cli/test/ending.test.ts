import { until } from '@larder/servers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { larder, larderJson } from './support/larder'
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

const strongly = { consistency: 'strong' } as const
const served = () => shop.cache.getMany(['a', 'b'], strongly)
const servedUser = () => shop.cache.namespace('users').get('a', strongly)

test('invalidate ends every entry with one of the tags in a process that runs', async () => {
  const { code, output } = await larder(url, ['invalidate', 't', 'other'])
  expect(output).toMatch(/^Invalidated: t, other\.\nToken: shop@\S+\n$/)
  expect(code).toBe(0)
  expect(await served()).toEqual([undefined, undefined])
  expect(await servedUser()).toBe(3)
})

test('the token it prints is one that the cache takes', async () => {
  const [{ token }] = (await larderJson(url, 'invalidate', 't')) as [{ token: string }]
  expect(await shop.cache.get('a', { after: token })).toBeUndefined()
})

test('invalidate --key ends single entries, in a namespace if one is named', async () => {
  expect(await larderJson(url, 'invalidate', '--key', 'a')).toMatchObject([
    { outcome: 'applied', mode: 'hard', tags: [], keys: ['a'] },
  ])
  expect(await served()).toEqual([undefined, 2])
  expect(await servedUser()).toBe(3)
  await larderJson(url, 'invalidate', '--key', 'a', '--namespace', 'users')
  expect(await servedUser()).toBeUndefined()
})

test('invalidate --soft leaves entries that may be served as stale', async () => {
  await shop.cache.set('c', 1, { tags: ['soft'], staleWhileRevalidate: '1h' })
  await larderJson(url, 'invalidate', 'soft', '--soft')
  await until('it is stale here', async () => (await shop.cache.explain('c')).outcome === 'stale')
})

test('a tag that cannot be one is refused with the reason', async () => {
  const { code, hints } = await larder(url, ['invalidate', 'a\u001bb'])
  expect(hints).toContain('A tag is a string of 1 to 512 characters')
  expect(hints).not.toContain('\u001b')
  expect(code).toBe(1)
})

test('clear ends everything once the name is typed', async () => {
  const { code, output, hints } = await larder(url, ['clear'], { answer: 'shop' })
  expect(hints).toContain(`This ends everything in "shop" at 127.0.0.1:${shop.server.port}.`)
  expect(output).toMatch(/^Cleared "shop"\.\nToken: /)
  expect(code).toBe(0)
  expect(await served()).toEqual([undefined, undefined])
  expect(await servedUser()).toBeUndefined()
})

test('clear ends nothing when anything else is typed', async () => {
  expect(await larder(url, ['clear'], { answer: 'yes' })).toMatchObject({ code: 1, output: '' })
  expect(await served()).toEqual([1, 2])
})

test('clear asks nobody with --yes, and keeps to a namespace', async () => {
  expect(await larderJson(url, 'clear', '--yes', '--namespace', 'users')).toMatchObject([
    { outcome: 'applied', name: 'shop', namespace: ['users'] },
  ])
  expect(await servedUser()).toBeUndefined()
  expect(await served()).toEqual([1, 2])
})
