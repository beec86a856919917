// needs: redis
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'

const runProgram = promisify(execFile)
const worker = fileURLToPath(new URL('support/worker.mjs', import.meta.url))
const server = provideRedis(beforeAll, afterAll)

/** Starts a process that connects and then waits for `begin`. Its report resolves when the process has exited by itself. */
async function startWorker(calls: number) {
  const child = fork(worker, [server.url, String(calls)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const report = Promise.all([text(child.stdout!), exited]).then(([output, [code]]) => {
    expect(code).toBe(0)
    return JSON.parse(output) as { runs: number; correct: number }
  })
  await Promise.race([once(child, 'message'), exited])
  return { begin: () => void child.send('begin'), report }
}

// The lease of the workers outlasts any stall of theirs: one that gets no processor for longer than its lease loses it, and
// another computes the value as well.
test.each([2, 4])(
  '%i processes with a thousand callers of one cold key run the function once, and exit by themselves',
  async (count) => {
    await server.command('FLUSHALL')
    const workers = await Promise.all(Array.from({ length: count }, () => startWorker(1_000 / count)))
    for (const { begin } of workers) begin()
    const reports = await Promise.all(workers.map(({ report }) => report))
    expect(reports.reduce((sum, { runs }) => sum + runs, 0)).toBe(1)
    expect(reports.reduce((sum, { correct }) => sum + correct, 0)).toBe(1_000)
  },
)

test('an idle cache whose Redis is down does not keep its process alive', async () => {
  const script = `
    import { createCache } from '@larder/core'
    import { redisStore } from ${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))}
    const cache = createCache({ name: 'idle', store: redisStore({ url: 'redis://127.0.0.1:1' }) })
    console.log(await cache.getOrCompute('k', () => 'computed'))`
  const { stdout } = await runProgram(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // A process that is kept alive never exits, so any limit detects it.
    timeout: 60_000,
  })
  expect(stdout.trim()).toBe('computed')
})
