import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Programs, and the packages of Debian that bring them. */
export interface Wanted {
  readonly programs: readonly string[]
  readonly packages: readonly string[]
}

const lock = join(tmpdir(), 'larder-installs')
/** A lock this old was left by a process that died, in ms. */
const staleLock = 300_000

const ensured = new Map<string, Promise<void>>()

/**
 * Sees to it that programs are there: installs them with apt-get where it can. Looks once per process and installs once
 * per machine.
 * @throws one line that says how to install them, where it cannot.
 */
export function ensurePrograms(wanted: Wanted): Promise<void> {
  const name = wanted.packages.join(' ')
  const running = ensured.get(name) ?? ensure(wanted)
  ensured.set(name, running)
  return running
}

async function ensure(wanted: Wanted): Promise<void> {
  while (!isInstalled(wanted)) {
    if (takeLock()) return installLocked(wanted)
    await sleep(500)
  }
}

function installLocked(wanted: Wanted): void {
  try {
    // Another process may have installed it between the look and the lock.
    if (!isInstalled(wanted)) install(wanted)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function isInstalled({ programs }: Wanted): boolean {
  return programs.every((program) => succeeds(program, ['--version']))
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

function install({ programs, packages }: Wanted): void {
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
    aptGet('install', '-y', '--no-install-recommends', ...packages)
  } catch (cause) {
    throw new Error(
      `The tests need ${programs.join(' and ')} on the PATH: install with "apt-get install ${packages.join(' ')}".`,
      { cause },
    )
  }
}
