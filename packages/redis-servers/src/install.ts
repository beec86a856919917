import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const lock = join(tmpdir(), 'larder-installs-redis')
/** A lock this old was left by a process that died, in ms. */
const staleLock = 300_000

let ensured: Promise<void> | undefined

/**
 * Sees to it that `redis-server` and `redis-cli` are there: installs them with apt-get where it can. Looks once per
 * process and installs once per machine.
 * @throws one line that says how to install them, where it cannot.
 */
export function ensureRedisServer(): Promise<void> {
  ensured ??= ensure()
  return ensured
}

async function ensure(): Promise<void> {
  while (!isInstalled()) {
    if (takeLock()) return installLocked()
    await sleep(500)
  }
}

function installLocked(): void {
  try {
    // Another process may have installed it between the look and the lock.
    if (!isInstalled()) install()
  } finally {
    rmSync(lock, { recursive: true, force: true })
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
    const takenAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - takenAt > staleLock) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function install(): void {
  // `env`, because sudo does not pass the environment on.
  const prefix = [
    ...(process.getuid?.() === 0 ? [] : ['sudo', '-n']),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
  ]
  const [program = '', ...first] = [...prefix, 'apt-get']
  const aptGet = (...args: string[]) => execFileSync(program, [...first, ...args], { stdio: 'ignore' })
  try {
    aptGet('update')
    aptGet('install', '-y', '--no-install-recommends', 'redis-server', 'redis-tools')
  } catch (cause) {
    throw new Error(
      'The tests need redis-server 7 or newer on the PATH: install it with "apt-get install redis-server" or "brew install redis".',
      { cause },
    )
  }
}
