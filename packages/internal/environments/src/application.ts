import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@larder/servers'
import type { Registry } from './registry'

/** The result of a command: exit code, and everything it printed. */
interface CommandResult {
  readonly code: number
  readonly output: string
}

/** An application of a user, in a folder outside of the repository. */
export interface Application {
  readonly folder: string
  /** The text of a file in the application's folder. */
  read(path: string): string
  /** Writes a file, and creates the folders it is in. */
  write(path: string, text: string): void
  /** Runs a command in the application's folder. A path of `node_modules/.bin` is found by its name. */
  run(command: string, ...args: readonly string[]): Promise<CommandResult>
  remove(): void
}

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))

/** Makes an application of a folder in `fixtures`; its package manager finds `@larder` in `registry`. */
export function createApplication(registry: Registry, fixture: string): Application {
  const temporary = temporaryFolder()
  const folder = temporary.path
  cpSync(join(fixtures, fixture), folder, { recursive: true })
  writeFileSync(join(folder, '.npmrc'), `@larder:registry=${registry.url}\n`)
  return {
    folder,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    run: (command, ...args) => runCommand(folder, command, args),
    remove: temporary.remove,
  }
}

function runCommand(folder: string, command: string, args: readonly string[]): Promise<CommandResult> {
  const { NODE_OPTIONS, npm_config_user_agent, ...inherited } = process.env
  const env = {
    ...inherited,
    PATH: `${join(folder, 'node_modules', '.bin')}:${process.env.PATH}`,
    // As on a machine where no test runner is at work: tools change their defaults for these.
    NODE_ENV: undefined,
    VITEST: undefined,
  }
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(command, [...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code) || 1, output: stdout + stderr }),
    )
  })
}
