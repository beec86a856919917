import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a command of this package printed, and its exit code. */
export interface Ran {
  readonly code: number
  readonly output: string
}

/** Runs one of the built commands as a user does. */
export function run(command: string, ...args: readonly string[]): Promise<Ran> {
  const file = fileURLToPath(new URL(`../dist/${command}.js`, import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })
}
