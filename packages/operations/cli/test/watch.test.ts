import { until } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../src/run'
import { frame } from '../src/watch/frame'
import { openShop, type Shop } from './support/shop'
import { fakeTerminal } from './support/terminal'

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
  await shop.cache.set('a', 1)
})
afterAll(() => shop[Symbol.asyncDispose]())

/** A watch under way, and its terminal. */
function start(argv: readonly string[], isScreen: boolean) {
  const out = fakeTerminal({ isScreen })
  const ended = run(['watch', '--name', 'shop', '--url', shop.server.url, ...argv], {}, out)
  return { out, ended }
}

const linesOf = (output: string) =>
  output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('--json has a line for each invalidation, with its name, and samples of the rest', async () => {
  const { out, ended } = start(['--json'], false)
  await until('it hears of an invalidation', async () => {
    await shop.cache.invalidate(['product:1', 'product:2'])
    return out.output.includes('product:2')
  })
  await shop.cache.namespace('users').clear({ mode: 'soft' })
  await until('it hears of the namespace', () => out.output.includes('namespace'))
  await until('there is a second sample', () => out.output.split('"sample"').length > 2)
  out.interrupt()
  expect(await ended).toBe(0)
  const lines = linesOf(out.output)
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'invalidation', scope: 'tag', name: 'product:1' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'invalidation', scope: 'namespace', mode: 'soft', name: '@users/' }),
  )
  expect(lines.find(({ type }) => type === 'sample')).toMatchObject({
    lag: expect.any(Number),
    entries: { count: 1, complete: true },
    server: { usedMemory: expect.any(Number), operationsPerSecond: expect.any(Number) },
  })
})

test('--for ends it by itself', async () => {
  const { out, ended } = start(['--json', '--for', '50ms'], false)
  expect(await ended).toBe(0)
  expect(linesOf(out.output).map(({ type }) => type)).toContain('sample')
})

test('on a screen it draws on one of its own, and gives the other back on Ctrl-C', async () => {
  const { out, ended } = start([], true)
  await until('it shows the server', () => out.output.includes('operations per second'))
  await until('it shows an invalidation', async () => {
    await shop.cache.invalidate('seen')
    return /tag +seen/.test(out.output)
  })
  out.interrupt()
  expect(await ended).toBe(0)
  expect(out.output.startsWith('\u001b[?1049h')).toBe(true)
  expect(out.output.endsWith('\u001b[?1049l')).toBe(true)
  expect(out.output).toMatch(/entries +1\P{Nd}/u)
})

test('it outlives an outage of the server, and says so meanwhile', async () => {
  await using other = await openShop()
  await other.cache.set('a', 1)
  const out = fakeTerminal({ isScreen: true })
  const ended = run(['watch', '--name', 'shop', '--url', other.server.url], {}, out)
  await until('it shows the server', () => out.output.includes('operations per second'))
  await other.server.kill()
  await until('it shows the outage', () => out.output.includes('does not answer'))
  await other.server.restart()
  const from = out.output.length
  await until('it shows the server again', () => out.output.slice(from).includes('operations per second'))
  out.interrupt()
  expect(await ended).toBe(0)
}, 30_000)

test('a picture fits the screen, and a hostile name in it cannot control the terminal', () => {
  const happening = { position: 1, at: new Date(0), scope: 'tag', mode: 'hard' } as const
  const happenings = Array.from({ length: 100 }, () => ({
    ...happening,
    name: `\u001b[2J${'x'.repeat(200)}`,
  }))
  const lines = frame({ title: 'shop', sample: undefined, happenings, count: 100 }, [60, 20])
  expect(lines).toHaveLength(19)
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(60)
    expect(line).not.toMatch(/\p{Cc}/u)
  }
})
