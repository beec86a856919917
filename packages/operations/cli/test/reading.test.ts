import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { larder, larderJson } from './support/larder'
import { openShop, type Shop } from './support/shop'

let shop: Shop
let url = ''

/** Clears the screen, and turns the direction of text. */
const hostile = 'evil\u001b[2J\u009b\u202e\nkey'
const shown = 'evil\\u001b[2J\\u009b\\u202e\\u000akey'

interface Page {
  readonly keys: readonly { readonly key: string }[]
  readonly cursor?: string
}

beforeAll(async () => {
  shop = await openShop()
  url = shop.server.url
  const { cache } = shop
  await cache.link('prices', 'currency')
  await cache.set('product:1', { price: 10n }, { tags: ['product:1', 'prices'] })
  await cache.set('product:2', { price: 20n }, { tags: ['product:2', 'prices'] })
  await cache.set(hostile, `\u001b]0;title\u0007`, { tags: ['odd'] })
  await cache.namespace('users').namespace('roles').set('7', 'admin')
  await cache.invalidate('product:2')
})
afterAll(() => shop[Symbol.asyncDispose]())

describe('keys', () => {
  test('lists keys, with the namespaces they are in', async () => {
    const { code, output } = await larder(url, ['keys'])
    expect(output.trim().split('\n').sort()).toEqual(
      ['product:1', 'product:2', '7  (namespace users > roles)', shown].sort(),
    )
    expect(code).toBe(0)
  })

  test('lists those within a namespace, and those that match a pattern', async () => {
    expect((await larder(url, ['keys', '--namespace', 'users', '--namespace', 'roles'])).output).toBe('7\n')
    expect(
      (await larder(url, ['keys', '--pattern', 'product:?', '--all'])).output.split('\n').sort(),
    ).toEqual(['', 'product:1', 'product:2'])
  })

  test('goes on from the cursor it told, until it tells none', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 300 }, (_, at) => [String(at), at]))
    const found = new Set<string>()
    let cursor: string[] = []
    do {
      const [page] = (await larderJson(full.server.url, 'keys', '--limit', '50', ...cursor)) as Page[]
      for (const { key } of page?.keys ?? []) found.add(key)
      cursor = page?.cursor === undefined ? [] : ['--cursor', page.cursor]
    } while (cursor.length > 0)
    expect(found.size).toBe(300)
    const { hints } = await larder(full.server.url, ['keys', '--limit', '50'])
    expect(hints).toMatch(/^There may be more: --cursor \S+$/)
  })

  test('reads on to the first page with a match', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 300 }, (_, at) => [`other ${at}`, at]))
    await full.cache.set('the one', 1)
    const argv = ['keys', '--pattern', 'the *', '--limit', '10']
    expect((await larder(full.server.url, argv)).output).toBe('the one\n')
    expect(await larderJson(full.server.url, 'keys', '--pattern', 'none', '--limit', '10')).toEqual([
      { keys: [] },
    ])
  })

  test('--json holds the keys as they are, and no character that a terminal obeys', async () => {
    const { output } = await larder(url, ['keys', '--json'])
    expect(output).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
    const { keys } = JSON.parse(output) as { keys: unknown[] }
    expect(keys).toContainEqual({ namespace: [], key: hostile })
    expect(keys).toContainEqual({ namespace: ['users', 'roles'], key: '7' })
  })
})

describe('get', () => {
  test('shows why a key is a hit, and its tags, and no value', async () => {
    const { code, output } = await larder(url, ['get', 'product:1'])
    expect(output).toMatch(/^redis holds an entry computed .* fresh for another/)
    expect(output).toMatch(/outcome +hit/)
    expect(output).toMatch(/tags +product:1, prices/)
    expect(output).not.toContain('price: 10n')
    expect(code).toBe(0)
  })

  test('shows the value with --value', async () => {
    expect((await larder(url, ['get', 'product:1', '--value'])).output).toContain('{ price: 10n }')
    expect(await larderJson(url, 'get', 'product:1', '--value')).toMatchObject([
      {
        key: 'product:1',
        outcome: 'hit',
        tags: ['product:1', 'prices', 'product', 'currency'],
        value: { price: '10' },
      },
    ])
  })

  test('finds what is in a namespace', async () => {
    const argv = ['get', '7', '--namespace', 'users', '--namespace', 'roles', '--value']
    expect(await larderJson(url, ...argv)).toMatchObject([{ outcome: 'hit', value: 'admin' }])
  })

  test('says of a key that is not there that it is absent', async () => {
    const { code, output } = await larder(url, ['get', 'nothing', '--value'])
    expect(output).toMatch(/outcome +miss \(absent\)/)
    expect(output).toContain('There is no fresh value.')
    expect(code).toBe(0)
    expect(await larderJson(url, 'get', 'nothing')).toMatchObject([{ outcome: 'miss', reason: 'absent' }])
  })

  test('a hostile value cannot control the terminal', async () => {
    const { output } = await larder(url, ['get', hostile, '--value'])
    expect(output).toContain('title')
    expect(output).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
  })
})

describe('tags', () => {
  test('counts the entries that carry them, and shows links', async () => {
    const { output } = await larder(url, ['tags'])
    expect(output).toMatch(/^tag +entries +served\n/)
    expect(output).toMatch(/\nprices +2 +1\n/)
    expect(output).toContain('Among all 4 entries.')
    expect(output).toContain('Whatever invalidates currency invalidates prices.')
  })

  test('--json says how many entries were looked at, and whether those were all', async () => {
    const [all] = await larderJson(url, 'tags')
    expect(all).toMatchObject({
      entries: 4,
      complete: true,
      links: [{ child: 'prices', parent: 'currency' }],
    })
    expect((all as { tags: unknown[] }).tags).toContainEqual({ tag: 'odd', entries: 1, served: 1 })
    const [none] = await larderJson(url, 'tags', '--namespace', 'users')
    expect(none).toMatchObject({ entries: 1, tags: [] })
  })
})

describe('stats', () => {
  test('shows entries, the log and the server', async () => {
    const { code, output } = await larder(url, ['stats'])
    expect(output).toMatch(/entries +4\n/)
    expect(output).toMatch(/log +\d+ tags, \d+ keys, 1 links\n/)
    expect(output).toMatch(/memory +[\d.]+ MB without a limit\n/)
    expect(code).toBe(0)
  })

  test('--json has the same as numbers', async () => {
    const position = expect.any(Number)
    expect(await larderJson(url, 'stats')).toMatchObject([
      {
        name: 'shop',
        entries: { count: 4, complete: true },
        log: { links: 1, position, lag: expect.any(Number) },
        server: {
          address: `127.0.0.1:${shop.server.port}`,
          nodes: 1,
          hits: expect.any(Number),
          maxMemory: 0,
        },
      },
    ])
  })

  test('says when counting was cut', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 200 }, (_, at) => [String(at), at]))
    const { output } = await larder(full.server.url, ['stats', '--limit', '20'])
    expect(output).toMatch(/entries +more than \d\d, counting was cut: --limit\n/)
    expect(await larderJson(full.server.url, 'stats', '--limit', '20')).toMatchObject([
      { entries: { complete: false } },
    ])
  })
})

test('a cache that is not there is an error that names those that are, and leaves no trace', async () => {
  const before = await shop.server.command('DBSIZE')
  expect(await larder(url, ['stats', '--name', 'shpo'])).toMatchObject({
    code: 1,
    hints: `larder: There is no cache "shpo" at 127.0.0.1:${shop.server.port}. There are: shop.`,
  })
  expect((await larder(url, ['keys', '--name', 'shap'])).hints).toContain('Did you mean: --name shop')
  expect((await larder(url, ['keys', '--prefix', 'other'])).hints).toContain('with the prefix "other"')
  expect(await shop.server.command('DBSIZE')).toBe(before)
})
