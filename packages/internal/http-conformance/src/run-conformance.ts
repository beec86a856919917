import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ClientMessage, ServerMessage } from './messages'
import { type ScoredTest, scoreResults } from './score'
import { openSuite } from './suite'
import type { TargetName } from './targets'

/** Options of {@link runConformance}. */
interface ConformanceOptions {
  readonly target: TargetName
  /** The directory of a checkout of the suite. @defaultValue the installed package */
  readonly suite?: string | undefined
  /** Ids of the tests to run. @defaultValue all tests */
  readonly ids?: readonly string[] | undefined
  /** How many tests run concurrently; they spend most of their time waiting. @defaultValue 100 */
  readonly concurrency?: number | undefined
}

const forkScript = (name: string, ...args: readonly string[]) =>
  fork(new URL(`./${name}.js`, import.meta.url), args, {
    // The suite and its origin write to stdout, and their old dependencies cause warnings of Node.
    stdio: ['ignore', 'ignore', name === 'target' ? 'inherit' : 'ignore', 'ipc'],
  })

async function waitForPort(server: ChildProcess): Promise<number> {
  const [message] = (await Promise.race([
    once(server, 'message'),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`A server exited with code ${code}.`))),
  ])) as [ServerMessage]
  return message.port
}

/** Runs the suite against one integration. Origin, application and client are separate processes. */
export async function runConformance(options: ConformanceOptions): Promise<ScoredTest[]> {
  const { target, suite = '', ids = [], concurrency = 100 } = options
  const processes: ChildProcess[] = []
  const startServer = (name: string, ...args: readonly string[]) => {
    const server = forkScript(name, ...args)
    processes.push(server)
    return waitForPort(server)
  }
  try {
    const origin = await startServer('origin', suite)
    const cache = await startServer('target', target, `http://127.0.0.1:${origin}`)
    const client = forkScript('client', suite, `http://127.0.0.1:${cache}`, String(concurrency), ...ids)
    processes.push(client)
    const [{ results }] = (await once(client, 'message')) as [ClientMessage]
    return scoreResults(await openSuite(suite || undefined).loadGroups(), results)
  } finally {
    for (const child of processes) child.kill()
  }
}
