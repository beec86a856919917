import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startRedis } from '@larder/servers'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const demo = fileURLToPath(new URL('../dist/demo.js', import.meta.url))

/** The numbers of a row of a table, by the heads of its columns. */
function row(output: string, title: string, name: string): Record<string, string> {
  const lines = output.slice(output.indexOf(title)).split('\n')
  const head = lines[2]?.trim().split(/ {3,}/) ?? []
  const cells =
    lines
      .find((line) => line.trim().startsWith(name))
      ?.trim()
      .split(/ {3,}/)
      .slice(1) ?? []
  return Object.fromEntries(head.map((title, at) => [title, cells[at] ?? '']))
}

test('the demo runs with nothing but Node, and serves nothing stale', async () => {
  const { stdout } = await run(process.execPath, [demo], {
    env: { ...process.env, REDIS_URL: undefined, DEMO_SECONDS: '1' },
  })
  const cached = row(stdout, 'The same readers', 'with Larder')
  expect(cached).toMatchObject({ 'stale reads': '0', 'wrong at end': '0' })
  expect(Number.parseFloat(cached['hit ratio'] ?? '')).toBeGreaterThan(50)
  for (const framework of ['Express', 'Fastify', 'Hono'])
    for (const how of ['without a cache', 'with Larder'])
      expect(row(stdout, 'The guide over HTTP', `${framework} ${how}`)).toMatchObject({ 'stale reads': '0' })
}, 60_000)

test('in two processes on Redis as well', async () => {
  await using server = await startRedis()
  const { stdout } = await run(process.execPath, [demo], {
    env: { ...process.env, REDIS_URL: server.url, DEMO_SECONDS: '1' },
  })
  for (const name of ['process 1', 'process 2'])
    expect(row(stdout, 'Two processes', name)).toMatchObject({ 'stale reads': '0' })
  expect(stdout).toContain('Invalidations, from the log to each process')
}, 60_000)
