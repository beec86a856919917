// needs: redis
// tier: slow
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'

/** An admitted request, and the moments between which it was decided. */
interface Admission {
  readonly asked: number
  readonly decided: number
  readonly by: string
}

const worker = fileURLToPath(new URL('support/worker.mjs', import.meta.url))
const limit = 25
const window = 1_500

async function startWorker(url: string, duration: number) {
  const args = [url, String(limit), String(window), String(duration)]
  const child = fork(worker, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const output = text(child.stdout!)
  await once(child, 'message')
  return { child, output }
}

/** The most admissions that were certainly decided within one window. */
function mostWithinWindow(admissions: readonly Admission[]): number {
  const counts = admissions.map(
    (last) =>
      admissions.filter(({ asked, decided }) => decided <= last.decided && asked > last.decided - window)
        .length,
  )
  return Math.max(0, ...counts)
}

test('eight processes that ask without pause get no more than the limit in any window, and leave no key that stays', async () => {
  await using server = await startRedis()
  const workers = await Promise.all(Array.from({ length: 8 }, () => startWorker(server.url, 6_000)))
  const killed = await Promise.all([1, 2].map(() => startWorker(server.url, 60_000)))
  for (const { child } of [...workers, ...killed]) child.send('begin')
  await until('some requests were decided', async () => ((await server.commands()).evalsha ?? 0) > 500)
  for (const { child } of killed) child.kill('SIGKILL')
  const outputs = await Promise.all(workers.map(({ output }) => output))
  const admissions = outputs.flatMap((output) => JSON.parse(output) as Admission[])
  expect(admissions.every(({ by }) => by === 'redis')).toBe(true)
  expect(admissions.length).toBeGreaterThan(limit)
  expect(mostWithinWindow(admissions)).toBeLessThanOrEqual(limit)
  for (const key of (await server.command('KEYS', '*')).split('\n').filter((name) => name !== ''))
    expect(Number(await server.command('PTTL', key))).not.toBe(-1)
})
