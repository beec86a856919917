import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type RedisServer, startRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test } from 'vitest'

const runProgram = promisify(execFile)
const worker = fileURLToPath(new URL('support/worker.mjs', import.meta.url))
let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

test.each([2, 4])(
  '%i processes with a thousand callers of one cold key run the function once, and exit by themselves',
  async (count) => {
    await server.command('FLUSHALL')
    const startAt = String(Date.now() + 1_500)
    const outputs = await Promise.all(
      Array.from({ length: count }, () =>
        runProgram(process.execPath, [worker, server.url, String(1_000 / count), startAt], {
          timeout: 15_000,
        }),
      ),
    )
    const reports = outputs.map(({ stdout }) => JSON.parse(stdout) as { runs: number; correct: number })
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
    timeout: 10_000,
  })
  expect(stdout.trim()).toBe('computed')
})
