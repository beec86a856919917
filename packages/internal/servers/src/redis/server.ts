import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { freePort } from '../processes/free-port'
import { endProcess } from '../processes/process'
import { type TemporaryFolder, temporaryFolder } from '../processes/temporary-folder'
import { ensurePrograms } from '../programs/install'
import { asArguments } from './directives'
import { isPortTaken, type Launch, launch } from './launch'

const run = promisify(execFile)

/** A real Redis server on a free port of the loopback. */
export interface RedisServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Of the process that runs, or ran last. */
  readonly pid: number
  /** Runs a command with redis-cli and returns what it prints. @throws when nothing answers within 5 s. */
  command(...args: string[]): Promise<string>
  /** How many commands it has processed since it started, by name, lower case. */
  commands(): Promise<Record<string, number>>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Freezes it: connections stay open, nothing answers. */
  stop(): void
  resume(): void
  /** Ends it and starts it again on the same port, empty. */
  restart(): Promise<void>
  /** Ends it and starts it again on the same port with the keys it had. @throws if it does not run. */
  restartWithData(): Promise<void>
  /** Ends it as a crash would, and starts it again on the same port with what its disk holds. */
  revive(): Promise<void>
  /** Ends it and removes its files. */
  close(): Promise<void>
}

/** How a server is started. */
export interface RedisOptions {
  /** Arguments of redis-server, such as `['--maxmemory', '10mb']`. @defaultValue `[]` */
  readonly args?: readonly string[] | undefined
  /** Arguments of redis-cli that it takes to reach the server. @defaultValue `[]` */
  readonly cli?: readonly string[] | undefined
  /** First arguments of redis-server, that give it its port. @defaultValue `--port` */
  readonly program?: ((port: number, folder: TemporaryFolder) => readonly string[]) | undefined
}

const host = '127.0.0.1'
/** Ports that may be lost to another process between being found free and being taken. */
const attempts = 5

const redis = { programs: ['redis-server', 'redis-cli'], packages: ['redis-server', 'redis-tools'] }

/**
 * Starts one server; resolves when it answers.
 * @throws what the server printed, if it refuses its arguments.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  await ensurePrograms(redis)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startAt(await freePort(), options)
    } catch (error) {
      if (attempt === attempts || !isPortTaken(error)) throw error
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
    command: (...words) => ask(['-h', host, '-p', String(port), ...cli, ...words]),
  }
  try {
    return await running(port, server)
  } catch (error) {
    folder.remove()
    throw error
  }
}

async function running(port: number, server: Launch): Promise<RedisServer> {
  const { command, folder } = server
  let child = await launch(server)

  async function relaunch(): Promise<void> {
    await endProcess(child)
    child = await launch(server)
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
      await relaunch()
    },
    revive: relaunch,
    async restartWithData() {
      await command('SAVE')
      await relaunch()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function ask(args: readonly string[]): Promise<string> {
  const { stdout } = await run('redis-cli', args, { timeout: 5_000 })
  return stdout.trim()
}

/** The calls per command, from the text of INFO commandstats. */
function countsIn(stats: string): Record<string, number> {
  const calls = stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
  return Object.fromEntries(Array.from(calls, ([, name = '', count]) => [name, Number(count)]))
}
