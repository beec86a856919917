import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type RedisServer, startRedis } from '@larder/servers'
import { paths } from '../paths'
import type { Effort, Samples, Workload } from '../workload'
import type { Answer, Order } from './messages'

/** A participant in processes of its own: neither its garbage nor its types of call sites reach another's. */
export interface Participant {
  readonly name: string
  measure(round: number): Promise<Samples>
  end(): Promise<void>
}

/** An order that takes longer has failed, in ms. */
const patience = 600_000

/** Starts the processes of a participant, and its server. @throws what kept it from being ready. */
export async function startParticipant(
  workload: Workload,
  name: string,
  effort: Effort,
): Promise<Participant> {
  const server = workload.redis ? await startRedis() : undefined
  const children = Array.from({ length: workload.processes ?? 1 }, () => startChild(workload))
  const all = (order: (copy: number) => Order) =>
    Promise.all(children.map((child, copy) => tell(child, order(copy))))
  const stop = () => stopAll(children, server)
  try {
    const redis = server?.url ?? ''
    await all((copy) => ({
      do: 'prepare',
      workload: workload.name,
      stage: { participant: name, effort, redis, copy },
    }))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    name,
    async measure(round) {
      const samples = await all(() => ({ do: 'measure', round }))
      return (workload.merge ?? greatest)(samples)
    },
    async end() {
      await all(() => ({ do: 'end' })).catch(() => undefined)
      await stop()
    },
  }
}

function startChild({ nodeArguments = [] }: Workload): ChildProcess {
  return fork(paths.child, [], {
    execArgv: [...nodeArguments],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function tell(child: ChildProcess, order: Order): Promise<Samples> {
  const abort = new AbortController()
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(patience)])
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('Its process ended.')
  })
  child.send(order)
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer]
    if (answer.ok) return answer.samples
    throw new Error(answer.reason)
  } finally {
    ended.catch(() => undefined)
    abort.abort()
  }
}

async function stopAll(children: readonly ChildProcess[], server: RedisServer | undefined): Promise<void> {
  for (const child of children) child.kill('SIGKILL')
  await server?.close()
}

function greatest(samples: readonly Samples[]): Samples {
  const names = Object.keys(samples[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, Math.max(...samples.map((one) => one[name] ?? 0))]))
}
