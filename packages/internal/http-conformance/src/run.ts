import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FromClient, FromServer } from './messages'
import { type Scored, score } from './score'
import { openSuite } from './suite'
import type { TargetName } from './targets'

/** What to run, and of which suite. */
export interface ConformanceOptions {
  readonly target: TargetName
  /** A checkout of the suite instead of the installed one. */
  readonly suite?: string | undefined
  /** Only these tests. */
  readonly ids?: readonly string[] | undefined
  /** Tests under way at once. They mostly wait. @defaultValue 100 */
  readonly atOnce?: number | undefined
}

const processAt = (name: string, ...args: readonly string[]) =>
  fork(new URL(`./${name}.js`, import.meta.url), args, {
    // The suite and its origin chat, and old modules of theirs make Node warn.
    stdio: ['ignore', 'ignore', name === 'target' ? 'inherit' : 'ignore', 'ipc'],
  })

async function portOf(server: ChildProcess): Promise<number> {
  const [message] = (await Promise.race([
    once(server, 'message'),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`A server ended with code ${code}.`))),
  ])) as [FromServer]
  return message.port
}

/** Runs the suite against one integration: its origin, the application and its client are processes of their own. */
export async function runConformance(options: ConformanceOptions): Promise<Scored[]> {
  const { target, suite = '', ids = [], atOnce = 100 } = options
  const servers: ChildProcess[] = []
  const start = (name: string, ...args: readonly string[]) => {
    const server = processAt(name, ...args)
    servers.push(server)
    return portOf(server)
  }
  try {
    const origin = await start('origin', suite)
    const cache = await start('target', target, `http://127.0.0.1:${origin}`)
    const client = processAt('client', suite, `http://127.0.0.1:${cache}`, String(atOnce), ...ids)
    servers.push(client)
    const [{ results }] = (await once(client, 'message')) as [FromClient]
    return score(await openSuite(suite || undefined).groups(), results)
  } finally {
    for (const server of servers) server.kill()
  }
}
