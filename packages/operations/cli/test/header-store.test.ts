// needs: redis
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runLarder, runLarderJson } from './support/larder'
import { openShop, type Shop } from './support/shop'

const large = 500_000

let shop: Shop
let url = ''

beforeAll(async () => {
  shop = await openShop()
  url = shop.server.url
  const { cache } = shop
  const manyTags = Array.from({ length: 400 }, (_, index) => `a tag of some length ${index}`)
  await cache.set('long header', 'x'.repeat(large), { tags: manyTags })
  await cache.set('compressible', Array(large).fill(0), { tags: ['zeros'] })
  await cache.set('small', 1, { tags: ['few'] })
  for (let index = 0; index < 20; index += 1)
    await cache.set(`random:${index}`, randomText(large), { tags: ['random'] })
})
afterAll(() => shop[Symbol.asyncDispose]())

/** A text that does not become much shorter by compression. */
const randomText = (length: number) => randomBytes(length).toString('base64').slice(0, length)

/** The bytes that the server sends meanwhile, to everybody. */
async function countSentBytes(work: () => Promise<unknown>): Promise<number> {
  const readCount = async () => {
    const info = String(await shop.server.command('INFO', 'stats'))
    return Number(/total_net_output_bytes:(\d+)/.exec(info)?.[1])
  }
  const before = await readCount()
  await work()
  return (await readCount()) - before
}

test('tags and get read the headers of entries, and no value', async () => {
  expect(await countSentBytes(() => runLarder(url, ['get', 'random:1']))).toBeLessThan(large / 4)
  expect(await countSentBytes(() => runLarder(url, ['tags']))).toBeLessThan(4 * large)
  expect(await countSentBytes(() => runLarder(url, ['get', 'random:1', '--value']))).toBeGreaterThan(
    large / 2,
  )
})

test('entries with long headers, compressed values and small values are explained as with their values', async () => {
  const expected = [
    ['long header', 'hit', 400],
    ['compressible', 'hit', 1],
    ['small', 'hit', 1],
    ['random:1', 'hit', 1],
    ['absent', 'miss', 0],
  ] as const
  for (const [key, outcome, tagCount] of expected) {
    const [explanation] = (await runLarderJson(url, 'get', key)) as [{ outcome: string; tags: string[] }]
    expect([key, explanation.outcome, explanation.tags.length]).toEqual([key, outcome, tagCount])
  }
  const [{ tags }] = (await runLarderJson(url, 'tags')) as [
    { tags: { tag: string; entries: number; served: number }[] },
  ]
  expect(tags[0]).toEqual({ tag: 'random', entries: 20, served: 20 })
  expect(tags).toHaveLength(403)
})
