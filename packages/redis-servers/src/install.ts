import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const lock = join(tmpdir(), 'larder-installs-redis')
/** A lock this old was left by a process that died, in ms. */
const staleLock = 300_000

/**
 * Sees to it that `redis-server` and `redis-cli` are there: installs them with apt-get where it can.
 * @throws one line that says how to install them, where it cannot.
 */
export async function ensureRedisServer(): Promise<void> {
  while (!isInstalled()) {
    if (!takeLock()) {
      await sleep(500)
      continue
    }
    try {
      if (!isInstalled()) install()
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
}

function isInstalled(): boolean {
  return ['redis-server', 'redis-cli'].every((program) => succeeds(program, ['--version']))
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Test processes run side by side; one of them installs, the others wait. */
function takeLock(): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > staleLock)
      rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function install(): void {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const run = (...command: string[]) => {
    const [program = '', ...args] = [...prefix, ...command]
    execFileSync(program, args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  try {
    run('apt-get', 'update')
    run('apt-get', 'install', '-y', '--no-install-recommends', 'redis-server')
  } catch (cause) {
    throw new Error(
      'The tests need redis-server 7 or newer on the PATH: install it with "apt-get install redis-server" or "brew install redis".',
      { cause },
    )
  }
}
