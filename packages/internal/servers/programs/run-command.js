import { spawn, spawnSync } from 'node:child_process'

/** Whether all commands of a program are on the PATH and start. @param {import('./programs.js').Program} program */
export function isInstalled({ commands }) {
  return commands.every(
    (command) => spawnSync(command, [versionFlagOf(command)], { stdio: 'ignore' }).status === 0,
  )
}

/** Arguments that print the version, of commands that do not take `--version`. */
const versionFlags = new Map([
  ['openssl', 'version'],
  ['nginx', '-v'],
])

/** @param {string} command */
const versionFlagOf = (command) => versionFlags.get(command) ?? '--version'

/**
 * Runs a command to its end. A command that is missing or cannot be started has failed like any other.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {(line: string) => void} [onLine] - called with each line of its standard output
 * @returns {Promise<{ ok: boolean, output: string }>} all that it printed, on both streams
 */
export function runCommand(command, args, onLine) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let rest = ''
    child.stderr.on('data', (/** @type {Buffer} */ data) => {
      output += data
    })
    child.stdout.on('data', (/** @type {Buffer} */ data) => {
      output += data
      const lines = (rest + data).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine?.(line)
    })
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}
