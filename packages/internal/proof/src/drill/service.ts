import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { alertRules } from '@larder/metrics'
import {
  atExit,
  type FaultyProxy,
  type RedisServer,
  startPrometheus,
  startProxy,
  startRedis,
} from '@larder/servers'
import { type Behaviour, healthyBehaviour, type Started } from './behaviour'

/** A service under observation: Redis, two processes, each behind a network of its own, and Prometheus. */
export interface Service extends AsyncDisposable {
  /** The factor for all durations of the rules. */
  readonly timeScale: number
  readonly redis: RedisServer
  /** The network between the second process and Redis. */
  readonly network: FaultyProxy
  /** Changes the behaviour of all processes. */
  behave(change: Partial<Behaviour>): void
  /** Changes the behaviour of the first process alone. */
  behaveAlone(change: Partial<Behaviour>): void
  /** Ends the processes. */
  endProcesses(): void
  /** The names of the alerts in this state. */
  alertsIn(...states: readonly string[]): Promise<string[]>
  /** The values of an expression of Prometheus. */
  query(expression: string): Promise<number[]>
}

/** @param timeScale - The factor for all durations of the rules. */
export async function startService(timeScale: number): Promise<Service> {
  const redis = await startRedis()
  const networks = [await startProxy(redis), await startProxy(redis)] as const
  const [first, second] = [await startProcess(networks[0].url), await startProcess(networks[1].url)]
  const processes = [first.child, second.child]
  const prometheus = await startPrometheus(
    [first.port, second.port],
    JSON.stringify(alertRules({ timeScale })),
    '1s',
  )
  const endProcesses = () => {
    for (const child of processes) child.kill('SIGKILL')
  }

  return {
    timeScale,
    redis,
    network: networks[1],
    behave(change) {
      for (const child of processes) sendTo(child, change)
    },
    behaveAlone: (change) => sendTo(first.child, change),
    endProcesses,
    async alertsIn(...states) {
      const rules = await prometheus.rules()
      return rules.filter(({ state = '' }) => states.includes(state)).map(({ name }) => name)
    },
    query: (expression) => prometheus.query(expression),
    async [Symbol.asyncDispose]() {
      endProcesses()
      await prometheus[Symbol.asyncDispose]()
      await Promise.all(networks.map((network) => network.close()))
      await redis.close()
    },
  }
}

async function startProcess(url: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(new URL('./drill-process.js', import.meta.url), [url])
  child.once(
    'exit',
    atExit(() => child.kill('SIGKILL')),
  )
  const [started] = await Promise.race([once(child, 'message'), rejectOnExit(child)])
  const { port } = started as Started
  return { child, port }
}

async function rejectOnExit(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit')
  throw new Error(`A process of the service ended at its start (${signal ?? `exit code ${code}`}).`)
}

/** Makes a service healthy again, whatever was done to it. */
export async function healService({ redis, network, behave }: Service): Promise<void> {
  await redis.command('CONFIG', 'SET', 'maxmemory', '0').catch(() => redis.restart())
  network.pass()
  behave(healthyBehaviour)
}

/** A process that has ended gets no message. */
function sendTo(child: ChildProcess, change: Partial<Behaviour>): void {
  if (child.connected) child.send(change)
}
