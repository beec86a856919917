import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The exit code of a script, and the text it printed on both streams. */
export interface ScriptResult {
  readonly code: number
  readonly output: string
}

/** Runs a script with this Node, as a user runs a command; resolves when it has ended, whatever its exit code. */
export function runScript(script: URL, ...args: readonly string[]): Promise<ScriptResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [fileURLToPath(script), ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })
}
