// needs: redis
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runLarder, runLarderJson } from './support/larder'
import { openShop, type Shop } from './support/shop'

let shop: Shop
let url = ''

/** Would clear the screen and reverse the direction of text. */
const hostile = 'evil\u001b[2J\u009b\u202e\nkey'
const escaped = 'evil\\u001b[2J\\u009b\\u202e\\u000akey'

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

test('long, blank and hostile names keep the columns of a table, and are seen', async () => {
  await using odd = await openShop()
  await odd.cache.set('   ', 1, { tags: ['x'.repeat(300), 'a\u200db'] })
  await odd.cache.set('k', 1, { tags: ['a'] })
  expect((await runLarder(odd.server.url, ['keys'])).output.split('\n').sort()).toEqual(['', '"   "', 'k'])
  const { output } = await runLarder(odd.server.url, ['tags'])
  const lines = output.split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'tag       entries  served',
      'a         1        1',
      'a\\u200db  1        1',
      `${'x'.repeat(300)}  1        1`,
    ]),
  )
})

describe('larder keys', () => {
  test('lists keys with their namespaces', async () => {
    const { code, output } = await runLarder(url, ['keys'])
    expect(output.trim().split('\n').sort()).toEqual(
      ['product:1', 'product:2', '7  (namespace users > roles)', escaped].sort(),
    )
    expect(code).toBe(0)
  })

  test('lists only keys in the given namespace, and only keys that match the pattern', async () => {
    expect((await runLarder(url, ['keys', '--namespace', 'users', '--namespace', 'roles'])).output).toBe(
      '7\n',
    )
    expect(
      (await runLarder(url, ['keys', '--pattern', 'product:?', '--all'])).output.split('\n').sort(),
    ).toEqual(['', 'product:1', 'product:2'])
  })

  test('continues from the cursor of the previous page until there is none', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 300 }, (_, index) => [String(index), index]))
    const found = new Set<string>()
    let cursor: string[] = []
    do {
      const [page] = (await runLarderJson(full.server.url, 'keys', '--limit', '50', ...cursor)) as Page[]
      for (const { key } of page?.keys ?? []) found.add(key)
      cursor = page?.cursor === undefined ? [] : ['--cursor', page.cursor]
    } while (cursor.length > 0)
    expect(found.size).toBe(300)
    const { hints } = await runLarder(full.server.url, ['keys', '--limit', '50'])
    expect(hints).toMatch(/^There may be more keys: --cursor \S+$/)
  })

  test('skips pages without a match', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 300 }, (_, index) => [`other ${index}`, index]))
    await full.cache.set('the one', 1)
    const argv = ['keys', '--pattern', 'the *', '--limit', '10']
    expect((await runLarder(full.server.url, argv)).output).toBe('the one\n')
    expect(await runLarderJson(full.server.url, 'keys', '--pattern', 'none', '--limit', '10')).toEqual([
      { keys: [] },
    ])
  })

  test('--json keeps every character of a key, with control characters escaped', async () => {
    const { output } = await runLarder(url, ['keys', '--json'])
    expect(output).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
    const { keys } = JSON.parse(output) as { keys: unknown[] }
    expect(keys).toContainEqual({ namespace: [], key: hostile })
    expect(keys).toContainEqual({ namespace: ['users', 'roles'], key: '7' })
  })
})

describe('larder get', () => {
  test('explains why a key is a hit and lists its tags, without the value', async () => {
    const { code, output } = await runLarder(url, ['get', 'product:1'])
    expect(output).toMatch(/^redis holds an entry computed .* fresh for another/)
    expect(output).toMatch(/outcome +hit/)
    expect(output).toMatch(/tags +product:1, prices/)
    expect(output).not.toContain('price: 10n')
    expect(code).toBe(0)
  })

  test('--value prints the value', async () => {
    expect((await runLarder(url, ['get', 'product:1', '--value'])).output).toContain('{ price: 10n }')
    expect(await runLarderJson(url, 'get', 'product:1', '--value')).toMatchObject([
      {
        key: 'product:1',
        outcome: 'hit',
        tags: ['product:1', 'prices', 'product', 'currency'],
        value: { price: '10' },
      },
    ])
  })

  test('reads the records that concern the key, and not the log', async () => {
    await using other = await openShop()
    const { cache, server } = other
    await cache.getOrCompute('base', () => 1, { tags: ['b:1'] })
    await cache.getOrCompute('made', () => cache.getOrCompute('base', () => 1), { tags: ['m'] })
    const outcomeOf = async (key: string, ...argv: string[]) => {
      const [found] = await runLarderJson(server.url, 'get', key, ...argv)
      const { outcome, reason, summary } = found as { outcome: string; reason?: string; summary: string }
      return [outcome, reason, /by invalidating (.*) at /.exec(summary)?.[1]]
    }
    await cache.invalidate(Array.from({ length: 1_000 }, (_, index) => `other:${index}`))
    await server.command('CONFIG', 'RESETSTAT')
    expect(await outcomeOf('made')).toEqual(['hit', undefined, undefined])
    const commands = await server.command('INFO', 'commandstats')
    expect(commands).toContain('cmdstat_zscore')
    expect(commands).not.toContain('cmdstat_zrangebyscore')
    await cache.invalidate('m', { mode: 'soft' })
    expect(await outcomeOf('made')).toEqual(['stale', 'invalidated', 'the tag "m"'])
    await cache.invalidate('b')
    expect(await outcomeOf('made', '--value')).toEqual(['miss', 'invalidated', 'the tag "b"'])
    await cache.set('base', 2)
    await cache.delete('base')
    expect((await outcomeOf('base'))[0]).toBe('miss')
    await cache.clear()
    expect((await outcomeOf('made'))[2]).toBe('everything')
  })

  test('finds a key in a namespace', async () => {
    const argv = ['get', '7', '--namespace', 'users', '--namespace', 'roles', '--value']
    expect(await runLarderJson(url, ...argv)).toMatchObject([{ outcome: 'hit', value: 'admin' }])
  })

  test('reports a missing key as absent', async () => {
    const { code, output } = await runLarder(url, ['get', 'nothing', '--value'])
    expect(output).toMatch(/outcome +miss \(absent\)/)
    expect(output).toContain('There is no fresh value.')
    expect(code).toBe(0)
    expect(await runLarderJson(url, 'get', 'nothing')).toMatchObject([{ outcome: 'miss', reason: 'absent' }])
  })

  test('escapes control characters in a value', async () => {
    const { output } = await runLarder(url, ['get', hostile, '--value'])
    expect(output).toContain('title')
    expect(output).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u)
  })
})

describe('larder tags', () => {
  test('counts the entries per tag and lists the links', async () => {
    const { output } = await runLarder(url, ['tags'])
    expect(output).toMatch(/^tag +entries +served\n/)
    expect(output).toMatch(/\nprices +2 +1\n/)
    expect(output).toContain('All entries counted: 4.')
    expect(output).toContain('Invalidating currency also invalidates prices.')
  })

  test('--json has the number of entries sampled, and whether they are all', async () => {
    const [all] = await runLarderJson(url, 'tags')
    expect(all).toMatchObject({
      entries: 4,
      complete: true,
      links: [{ child: 'prices', parent: 'currency' }],
    })
    expect((all as { tags: unknown[] }).tags).toContainEqual({ tag: 'odd', entries: 1, served: 1 })
    const [none] = await runLarderJson(url, 'tags', '--namespace', 'users')
    expect(none).toMatchObject({ entries: 1, tags: [] })
  })
})

describe('larder stats', () => {
  test('shows entries, the log and the server', async () => {
    const { code, output } = await runLarder(url, ['stats'])
    expect(output).toMatch(/entries +4\n/)
    expect(output).toMatch(/log +\d+ tags?, \d+ keys?, 1 link\n/)
    expect(output).toMatch(/memory +[\d.]+ MB without a limit\n/)
    expect(code).toBe(0)
  })

  test('--json has the same figures as numbers', async () => {
    const position = expect.any(Number)
    expect(await runLarderJson(url, 'stats')).toMatchObject([
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

  test('reports that the limit cut the count', async () => {
    await using full = await openShop()
    await full.cache.setMany(Array.from({ length: 200 }, (_, index) => [String(index), index]))
    const { output } = await runLarder(full.server.url, ['stats', '--limit', '20'])
    expect(output).toMatch(/entries +more than \d\d; raise --limit to count further\n/)
    expect(await runLarderJson(full.server.url, 'stats', '--limit', '20')).toMatchObject([
      { entries: { complete: false } },
    ])
  })
})

test('a cache that does not exist is an error that names existing ones, and no key is written', async () => {
  const before = await shop.server.command('DBSIZE')
  expect(await runLarder(url, ['stats', '--name', 'billing'])).toMatchObject({
    code: 1,
    hints: `larder: Cache "billing" does not exist at 127.0.0.1:${shop.server.port}. Caches on this server: shop.`,
  })
  expect((await runLarder(url, ['keys', '--name', 'shpo'])).hints).toContain('Did you mean: --name shop')
  expect((await runLarder(url, ['keys', '--prefix', 'other'])).hints).toContain('with the prefix "other"')
  expect(await shop.server.command('DBSIZE')).toBe(before)
})
