import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The exit code of a script, and the text it printed on both streams. */
export interface ScriptResult {
  readonly code: number
  readonly output: string
}

/** The folder in which a script runs, and environment variables besides those of this process. */
export interface ScriptOptions {
  readonly cwd?: string | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
}

/** Runs a script with this Node, as a user runs a command; resolves when it has ended, whatever its exit code. */
export function runScript(
  script: URL,
  args: readonly string[] = [],
  { cwd, env }: ScriptOptions = {},
): Promise<ScriptResult> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(process.execPath, [fileURLToPath(script), ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })
}
