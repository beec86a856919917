// needs: redis
// tier: slow
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startRedis } from '@larder/servers'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const demo = fileURLToPath(new URL('../dist/demo.js', import.meta.url))

/** The cells of a row in the table under a title, by the heads of their columns. */
function rowOf(output: string, title: string, name: string): Record<string, string> {
  const table = output
    .slice(output.indexOf(title))
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const [head = [], ...rows] = table.map((line) => line.split('|').map((cell) => cell.trim()))
  const row = rows.find((cells) => cells[1] === name) ?? []
  return Object.fromEntries(head.map((column, at) => [column, row[at] ?? '']))
}

test('the demo runs with nothing but Node, and serves nothing stale', async () => {
  const { stdout } = await run(process.execPath, [demo], {
    // How many reads fit into a second differs from machine to machine, and with them the share of hits.
    env: { ...process.env, REDIS_URL: undefined, DEMO_SECONDS: '1', DEMO_READS: '1000' },
  })
  for (const goal of ['stale reads', 'stale responses'])
    expect(rowOf(stdout, 'What Larder promises', goal)).toMatchObject({ measured: '0' })
  expect(rowOf(stdout, 'What Larder promises', 'bytes saved by clients that revalidate')).toMatchObject({
    promise: 'at least 70.0 %',
  })
  const cached = rowOf(stdout, '1. Calls of functions', 'with Larder')
  expect(cached).toMatchObject({ 'stale reads': '0', 'wrong at end': '0' })
  expect(Number.parseFloat(cached['hit ratio'] ?? '')).toBeGreaterThan(50)
  for (const framework of ['Express', 'Fastify', 'Hono', 'Koa'])
    for (const how of ['without a cache', 'with Larder'])
      expect(rowOf(stdout, '3. HTTP', `${framework} ${how}`)).toMatchObject({ 'stale reads': '0' })
})

test('in two processes on Redis as well', async () => {
  await using server = await startRedis()
  const { stdout } = await run(process.execPath, [demo], {
    env: { ...process.env, REDIS_URL: server.url, DEMO_SECONDS: '1' },
  })
  for (const name of ['process 1', 'process 2'])
    expect(rowOf(stdout, '4. Two processes', name)).toMatchObject({ 'stale reads': '0' })
  expect(stdout).toContain('Invalidations: the time from the log to each process')
})
