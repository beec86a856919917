// needs: redis
import { until } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line'
import { renderLine } from '../src/text/line'
import { renderFrame } from '../src/watch/frame'
import { createNameCounts } from '../src/watch/name-counts'
import { openShop, type Shop } from './support/shop'
import { createFakeTerminal } from './support/terminal'

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
  await shop.cache.set('a', 1)
})
afterAll(() => shop[Symbol.asyncDispose]())

/** Starts `larder watch`. */
function startWatch(argv: readonly string[], isScreen: boolean) {
  const terminal = createFakeTerminal({ isScreen })
  const exitCode = runCommandLine(
    ['watch', '--name', 'shop', '--url', shop.server.url, ...argv],
    {},
    terminal,
  )
  return { terminal, exitCode }
}

const parseLines = (output: string) =>
  output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('watch --json prints a line for each invalidation, with its name, and a line for each sample', async () => {
  const { terminal, exitCode } = startWatch(['--json'], false)
  await until('the invalidation arrives', async () => {
    await shop.cache.invalidate(['product:1', 'product:2'])
    return terminal.output.includes('product:2')
  })
  await shop.cache.namespace('users').clear({ mode: 'soft' })
  await until('the clearing of the namespace arrives', () => terminal.output.includes('namespace'))
  await until('a second sample is printed', () => terminal.output.split('"sample"').length > 2)
  terminal.sendInterrupt()
  expect(await exitCode).toBe(0)
  const lines = parseLines(terminal.output)
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

test('watch --for stops by itself', async () => {
  const { terminal, exitCode } = startWatch(['--json', '--for', '50ms'], false)
  expect(await exitCode).toBe(0)
  expect(parseLines(terminal.output).map(({ type }) => type)).toContain('sample')
})

test('watch draws on the alternate screen of a terminal, and leaves it on Ctrl-C', async () => {
  const { terminal, exitCode } = startWatch([], true)
  await until('the server is shown', () => terminal.output.includes('operations per second'))
  await until('an invalidation is shown', async () => {
    await shop.cache.invalidate('seen')
    return /tag +seen/.test(terminal.output)
  })
  terminal.sendInterrupt()
  expect(await exitCode).toBe(0)
  expect(terminal.output.startsWith('\u001b[?1049h')).toBe(true)
  expect(terminal.output.endsWith('\u001b[?1049l')).toBe(true)
  expect(terminal.output).toMatch(/entries +1\P{Nd}/u)
})

test.each(['q', '\u0003'])('the key %j leaves the live view, and others do not', async (key) => {
  const { terminal, exitCode } = startWatch([], true)
  await until('the server is shown', () => terminal.output.includes('operations per second'))
  terminal.pressKey('x')
  const lengthBefore = terminal.output.length
  await until('it goes on', () => terminal.output.slice(lengthBefore).includes('operations per second'))
  terminal.pressKey(key)
  expect(await exitCode).toBe(0)
  expect(terminal.output.endsWith('\u001b[?1049l')).toBe(true)
})

test('watch survives an outage of the server, and shows it meanwhile', async () => {
  await using other = await openShop()
  await other.cache.set('a', 1)
  const terminal = createFakeTerminal({ isScreen: true })
  const exitCode = runCommandLine(['watch', '--name', 'shop', '--url', other.server.url], {}, terminal)
  await until('the server is shown', () => terminal.output.includes('operations per second'))
  await other.server.kill()
  await until('the outage is shown', () => terminal.output.includes('does not answer'))
  await other.server.restart()
  const lengthBefore = terminal.output.length
  await until('the server is shown again', () =>
    terminal.output.slice(lengthBefore).includes('operations per second'),
  )
  terminal.sendInterrupt()
  expect(await exitCode).toBe(0)
}, 30_000)

test('a frame fits the screen, and a hostile name in it cannot control the terminal', () => {
  const invalidation = { position: 1, at: new Date(0), scope: 'tag', mode: 'hard' } as const
  const invalidations = Array.from({ length: 100 }, () => ({
    ...invalidation,
    name: `\u001b[2J${'x'.repeat(200)}`,
  }))
  const mostFrequent = [['\u001b[2J', 99]] as const
  const view = { title: 'shop', sample: undefined, invalidations, count: 100, mostFrequent }
  const lines = renderFrame(view, [60, 20]).map((line) => renderLine(line, false))
  expect(lines).toHaveLength(19)
  expect(lines).toContain('Most often: \\u001b[2J (99)')
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(60)
    expect(line).not.toMatch(/\p{Cc}/u)
  }
})

test('counts of names are bounded, and the most frequent ones are kept', () => {
  const counts = createNameCounts()
  for (let index = 0; index < 10_000; index += 1) {
    counts.add('prices')
    counts.add(`product:${index}`)
  }
  expect(counts.listMostFrequent(1)).toEqual([['prices', 10_000]])
  expect(counts.listMostFrequent(10_000).length).toBeLessThanOrEqual(1_000)
})
