import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type RedisServer, startRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const worker = fileURLToPath(new URL('support/worker.mjs', import.meta.url))
let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

/** Starts a process that waits, connected, for the word to begin. Its report resolves when it has ended by itself. */
async function startWorker(calls: number) {
  const child = fork(worker, [server.url, String(calls)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const report = Promise.all([text(child.stdout!), ended]).then(([output, [code]]) => {
    expect(code).toBe(0)
    return JSON.parse(output) as { runs: number; right: number }
  })
  await Promise.race([once(child, 'message'), ended])
  return { begin: () => void child.send('begin'), report }
}

// The workers have deadlines that no pause of theirs exceeds. With those by default, a process that the machine keeps
// waiting for 250 ms counts its own pause as a failure of Redis (gate.ts in @larder/core: the deadline's timer falls due
// before the answer that lies in the socket is read), goes without the lease, and computes as well.
test.each([2, 4])(
  '%i processes with a thousand callers of one cold key run the function once, and end by themselves',
  async (count) => {
    await server.command('FLUSHALL')
    const workers = await Promise.all(Array.from({ length: count }, () => startWorker(1_000 / count)))
    for (const { begin } of workers) begin()
    const reports = await Promise.all(workers.map(({ report }) => report))
    expect(reports.reduce((sum, { runs }) => sum + runs, 0)).toBe(1)
    expect(reports.reduce((sum, { right }) => sum + right, 0)).toBe(1_000)
  },
)

test('an idle cache whose Redis is away does not keep its process alive', async () => {
  const script = `
    import { createCache } from '@larder/core'
    import { redisStore } from ${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))}
    const cache = createCache({ name: 'idle', store: redisStore({ url: 'redis://127.0.0.1:1' }) })
    console.log(await cache.getOrCompute('k', () => 'computed'))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // For good it would be kept alive: any limit tells that from an end.
    timeout: 60_000,
  })
  expect(stdout.trim()).toBe('computed')
})
