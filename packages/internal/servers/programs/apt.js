import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { runCommand } from './run-command.js'

/** A mirror that is being updated, or another apt that holds a lock, is well again soon. */
const attempts = 3

/**
 * The reason why packages cannot be installed on this machine at all; undefined if they can.
 * @returns {string | undefined}
 */
export function reasonNotInstallable() {
  if (!isOnPath('apt-get')) return 'there is no apt-get'
  if (process.getuid?.() === 0 || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
    return undefined
  return 'it takes root'
}

/** @param {string} command */
const isOnPath = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined

/**
 * Installs packages with apt-get from the sources that the machine has; none of them is changed. Services that come with
 * a package are not started.
 *
 * @param {readonly string[]} packages
 * @param {{ retryAfter: number, onProgress: (percent: number) => void }} options - `retryAfter` in ms
 * @returns {Promise<string | undefined>} the last line that apt-get printed, if it failed
 */
export async function installPackages(packages, { retryAfter, onProgress }) {
  for (let attempt = 1; ; attempt += 1) {
    // Fails where one of several sources does not answer; the others may be enough.
    const updated = await runAptGet(['update'])
    const installed = await runAptGet(['install', '-y', '--no-install-recommends', ...packages], onProgress)
    if (installed.ok) return undefined
    if (attempt === attempts)
      return lastLine(installed.output) || lastLine(updated.output) || 'apt-get failed'
    await wait(retryAfter)
  }
}

/**
 * @param {readonly string[]} args
 * @param {(percent: number) => void} [onProgress]
 */
function runAptGet(args, onProgress) {
  // `env`, because sudo does not pass the environment on. At runlevel 1, Debian's scripts start no service.
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1']
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Status-Fd=1']
  const [command, ...first] = [...(process.getuid?.() === 0 ? [] : ['sudo', '-n']), ...environment, 'apt-get']
  return runCommand(command ?? 'env', [...first, ...options, ...args], (line) => {
    const percent = percentIn(line)
    if (percent !== undefined) onProgress?.(percent)
  })
}

/**
 * Downloading is the first half of an installation, unpacking the second: `dlstatus:1:42.1:…`, `pmstatus:name:80:…`.
 *
 * @param {string} line
 */
function percentIn(line) {
  const [kind, , percent] = line.split(':')
  if (kind === 'dlstatus') return Number(percent) / 2
  return kind === 'pmstatus' ? 50 + Number(percent) / 2 : undefined
}

/** The last line apart from status lines. @param {string} text */
const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => !/^(dl|pm)status:/.test(line))
    .at(-1)
