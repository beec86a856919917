import { execFile } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { freePort } from '../processes/free-port'
import { endProcess } from '../processes/process'
import { type TemporaryFolder, temporaryFolder } from '../processes/temporary-folder'
import { asArguments } from './directives'
import { isPortTaken, type Launch, launchServer } from './launch'

const runProgram = promisify(execFile)

/** A real Redis server on a free port of the loopback. */
export interface RedisServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Process id of the running server, or of the last one. */
  readonly pid: number
  /** Runs a command with redis-cli and returns its output. @throws after 5 s without a reply. */
  command(...args: string[]): Promise<string>
  /** Commands processed since the start, by name in lower case. */
  commands(): Promise<Record<string, number>>
  /** Kills the process, as a crash does. */
  kill(): Promise<void>
  /** Freezes the process (SIGSTOP): connections stay open, no command is processed. */
  stop(): void
  resume(): void
  /** Restarts it on the same port without data. */
  restart(): Promise<void>
  /** Saves its keys and restarts it on the same port with them. @throws if it does not run. */
  restartWithData(): Promise<void>
  /** Kills it and restarts it on the same port with the data on its disk. */
  revive(): Promise<void>
  /** Copies the files of its data, after a save if they are snapshots. @throws if it does not run. */
  backUp(): Promise<RedisBackup>
  /** Kills it and removes its files. */
  close(): Promise<void>
}

/** A copy of the files of a server's data. */
export interface RedisBackup {
  /** Kills the server, and restarts it on the same port with the copy instead of its own data. */
  restore(): Promise<void>
  /** Removes the copy. */
  remove(): void
}

/** Options of {@link startRedis}. */
export interface RedisOptions {
  /** Arguments of redis-server, such as `['--maxmemory', '10mb']`. @defaultValue `[]` */
  readonly args?: readonly string[] | undefined
  /** Arguments of redis-cli that are needed to connect to the server. @defaultValue `[]` */
  readonly cli?: readonly string[] | undefined
  /** Builds the first arguments of redis-server, which set its port. @defaultValue `--port` */
  readonly program?: ((port: number, folder: TemporaryFolder) => readonly string[]) | undefined
}

const host = '127.0.0.1'
/** Attempts to start, because another process may take a free port first. */
const maxAttempts = 5

/**
 * Starts one server; resolves when it replies to commands.
 * @throws with the server's output, if it rejects its arguments.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startAt(await freePort(), options)
    } catch (error) {
      if (attempt === maxAttempts || !isPortTaken(error)) throw error
    }
  }
}

async function startAt(port: number, options: RedisOptions): Promise<RedisServer> {
  const { args = [], cli = [], program = () => asArguments({ port }) } = options
  const folder = temporaryFolder()
  const defaults = asArguments({ bind: host, save: '', appendonly: 'no', dir: folder.path })
  const server: Launch = {
    folder,
    args: [...program(port, folder), ...defaults, ...args],
    command: (...words) => runRedisCli(['-h', host, '-p', String(port), ...cli, ...words]),
  }
  try {
    return await startServer(port, server)
  } catch (error) {
    folder.remove()
    throw error
  }
}

async function startServer(port: number, server: Launch): Promise<RedisServer> {
  const { command, folder } = server
  let child = await launchServer(server)

  async function restartProcess(): Promise<void> {
    await endProcess(child)
    child = await launchServer(server)
  }
  async function close(): Promise<void> {
    await endProcess(child)
    folder.remove()
  }
  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    get pid() {
      return child.pid ?? 0
    },
    command,
    commands: async () => countsIn(await command('INFO', 'commandstats')),
    kill: () => endProcess(child),
    stop: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      rmSync(folder.file('dump.rdb'), { force: true })
      await restartProcess()
    },
    revive: restartProcess,
    async restartWithData() {
      await command('SAVE')
      await restartProcess()
    },
    async backUp() {
      if (!(await command('CONFIG', 'GET', 'appendonly')).endsWith('yes')) await command('SAVE')
      const copy = temporaryFolder()
      cpSync(folder.path, copy.path, { recursive: true })
      return {
        async restore() {
          await endProcess(child)
          for (const name of readdirSync(folder.path)) rmSync(folder.file(name), { recursive: true })
          cpSync(copy.path, folder.path, { recursive: true })
          child = await launchServer(server)
        },
        remove: copy.remove,
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function runRedisCli(args: readonly string[]): Promise<string> {
  const { stdout } = await runProgram('redis-cli', args, { timeout: 5_000 })
  return stdout.trim()
}

/** The calls per command, from the text of INFO commandstats. */
function countsIn(stats: string): Record<string, number> {
  const calls = stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
  return Object.fromEntries(Array.from(calls, ([, name = '', count]) => [name, Number(count)]))
}
