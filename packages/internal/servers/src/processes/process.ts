import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { atExit } from './at-exit'

/**
 * Starts a program that ends with this process at the latest. Its output goes to the file `log`.
 * @throws Error if the program cannot be started, with the command that installs it.
 */
export function startProcess(program: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'a')
  const child = spawn(program, args, { stdio: ['ignore', output, output] })
  closeSync(output)
  // Without a listener, a program that cannot be started would end this process.
  child.once('error', () => undefined)
  if (child.pid === undefined) throw new Error(`${program} cannot be started: run "npm run programs" first.`)
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  )
  // A server that was not closed does not keep the process of its test alive.
  child.unref()
  return child
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Ends a program by its own pid, even one that is stopped. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
