// needs: redis
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { until } from '../src/index'
import { isAlive } from './support/alive'

const script = fileURLToPath(new URL('support/owner.mjs', import.meta.url))

/** Starts a process that owns a server; resolves when that server runs. */
async function startOwner(ending: string) {
  const owner = spawn(process.execPath, [script, ending], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended: Promise<readonly unknown[]> = once(owner, 'exit')
  const [line] = await once(owner.stdout, 'data')
  const { pid, folder } = JSON.parse(String(line)) as { pid: number; folder: string }
  return { owner, ended, pid, folder }
}

async function expectNothingLeft({ pid, folder }: { pid: number; folder: string }): Promise<void> {
  await until('the server is gone', () => !isAlive(pid))
  expect(existsSync(folder)).toBe(false)
}

describe('a server ends with the process that started it', () => {
  test.each([
    ['closes', 0],
    ['forgets', 0],
    ['exits', 0],
    ['throws', 1],
  ])('that %s', async (ending, code) => {
    const { ended, ...server } = await startOwner(ending)
    expect(await ended).toEqual([code, null])
    await expectNothingLeft(server)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('that is ended by %s', async (signal) => {
    const { owner, ended, ...server } = await startOwner('waits')
    owner.kill(signal)
    expect(await ended).toEqual([null, signal])
    await expectNothingLeft(server)
  })
})
