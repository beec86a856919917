import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ensureRedisServer } from './install'
import { endProcess, freePort, startProcess, temporaryFolder } from './process'
import { until } from './until'

const run = promisify(execFile)

/** A real Redis server on a free port of the loopback. */
export interface RedisServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly pid: number
  /** Runs a command with redis-cli and returns what it prints. */
  command(...args: string[]): Promise<string>
  /** How many commands it has processed, by name, without those asked here. */
  commands(): Promise<Record<string, number>>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Freezes it: connections stay open, nothing answers. */
  stop(): void
  resume(): void
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** How a server is started. */
export interface RedisOptions {
  /** Arguments of redis-server, such as `['--maxmemory', '10mb']`. */
  readonly args?: readonly string[]
  /** Arguments of redis-cli that it takes to reach the server. */
  readonly cli?: readonly string[]
  readonly isClusterNode?: boolean
  /** Instead of `--port` and the defaults. */
  readonly program?: (port: number, folder: string) => readonly string[]
}

const host = '127.0.0.1'

/** Starts one server; resolves when it answers. */
export async function startRedis({
  args = [],
  cli = [],
  isClusterNode = false,
  program,
}: RedisOptions = {}): Promise<RedisServer> {
  await ensureRedisServer()
  const port = await freePort(isClusterNode)
  const folder = temporaryFolder()
  const own = program?.(port, folder.path) ?? ['--port', String(port)]
  const start = () =>
    startProcess('redis-server', [
      ...own,
      '--bind',
      host,
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder.path,
      ...args,
    ])
  let child = start()

  async function command(...words: string[]): Promise<string> {
    const { stdout } = await run('redis-cli', ['-h', host, '-p', String(port), ...cli, ...words], {
      timeout: 5_000,
    })
    return stdout.trim()
  }
  const answers = () =>
    until(`the server on port ${port} answers`, async () => (await command('PING')) === 'PONG')

  async function close(): Promise<void> {
    await endProcess(child)
    folder.remove()
  }

  await answers()
  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    get pid() {
      return child.pid ?? 0
    },
    command,
    async commands() {
      const lines = (await command('INFO', 'commandstats')).split(/\r?\n/)
      const counts = lines.flatMap((line) => {
        const match = /^cmdstat_([^:]+):calls=(\d+)/.exec(line)
        return match === null ? [] : [[match[1] ?? '', Number(match[2])] as const]
      })
      return Object.fromEntries(counts)
    },
    kill: () => endProcess(child),
    stop: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      await endProcess(child)
      child = start()
      await answers()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
