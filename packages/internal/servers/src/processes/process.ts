import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { atExit } from './at-exit'

/** Starts a program that ends with this process at the latest; what it prints goes to the file `log`. */
export function startProcess(program: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'a')
  const child = spawn(program, args, { stdio: ['ignore', output, output] })
  closeSync(output)
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  )
  // A server that was forgotten does not keep the process of its test alive.
  child.unref()
  return child
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Ends a program by its own pid, also one that was stopped. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
