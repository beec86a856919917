import { installPackages, reasonNotInstallable } from './apt.js'
import { isInstalled } from './run-command.js'

/**
 * The look at one program after the installation.
 *
 * @typedef {object} ProgramState
 * @property {import('./programs.js').Program} program
 * @property {boolean} isThere
 */

/**
 * Installs the programs that are missing, one after the other, with a line each on `output`: its commands, the reason why
 * it is needed, and how long it took. Programs that are there are not touched.
 *
 * @param {readonly import('./programs.js').Program[]} programs
 * @param {NodeJS.WriteStream} output
 * @param {number} retryAfter - between two attempts, in ms
 * @returns {Promise<ProgramState[]>}
 */
export async function installPrograms(programs, output, retryAfter) {
  /** @type {ProgramState[]} */
  const states = []
  for (const program of programs)
    states.push({ program, isThere: isInstalled(program) || (await install(program, output, retryAfter)) })
  const present = programs.filter(({ name }) =>
    states.some((state) => state.program.name === name && state.isThere),
  )
  output.write(`Programs for tests: ${present.map(({ name }) => name).join(', ') || 'none'}.\n`)
  return states
}

/**
 * @param {import('./programs.js').Program} program
 * @param {NodeJS.WriteStream} output
 * @param {number} retryAfter
 */
async function install(program, output, retryAfter) {
  const { commands, packages, reason } = program
  const label = `${commands.join(' and ')} (${reason})`
  const obstacle = reasonNotInstallable()
  if (obstacle !== undefined) {
    output.write(`${label}: missing, and ${obstacle}. ${adviceFor(packages)}\n`)
    return false
  }
  const progress = startProgress(output, `${label}: installing`)
  const failure = await installPackages(packages, { retryAfter, onProgress: progress.update })
  progress.end()
  const isThere = failure === undefined && isInstalled(program)
  const result = isThere
    ? `installed in ${progress.seconds()} s.`
    : `not installed: ${failure ?? 'it does not start'}. ${adviceFor(packages)}`
  output.write(`${label}: ${result}\n`)
  return isThere
}

/** @param {readonly string[]} packages */
const adviceFor = (packages) =>
  `Install by hand, on Debian with "apt-get install ${packages.join(' ')}", and see that the commands are on the PATH.`

/**
 * A percentage that is redrawn on a terminal; elsewhere a line for the beginning and for each quarter.
 *
 * @param {NodeJS.WriteStream} output
 * @param {string} label
 */
function startProgress(output, label) {
  const startedAt = performance.now()
  let drawn = 0
  if (!output.isTTY) output.write(`${label} …\n`)
  return {
    seconds: () => Math.round((performance.now() - startedAt) / 1_000),
    /** @param {number} percent */
    update(percent) {
      const step = output.isTTY ? 1 : 25
      const reached = Math.floor(percent / step) * step
      if (reached <= drawn) return
      drawn = reached
      output.write(output.isTTY ? `\r\u001b[K${label} ${reached} %` : `${label} ${reached} %\n`)
    },
    end: () => void (output.isTTY && output.write('\r\u001b[K')),
  }
}
