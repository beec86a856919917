import { fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import { atLeast, atMost } from '../goals'
import { variants } from '../http/application'
import { paths } from '../paths'
import { greatestOf, ratioOf } from '../results'
import type { Goal, ParticipantContext, ParticipantTask, Workload } from '../workload'

/** The share of a constant buffer's rate that hits are to have. */
const hitGoals = { express: 0.92, fastify: 0.95, hono: 0.9, koa: 0.9 }

const frameworks = Object.keys(hitGoals) as (keyof typeof hitGoals)[]

/** The cost of a server since its start: processor time in µs, and calls of the handlers' source. */
interface Cost {
  readonly cpu: number
  readonly loads: number
}

/** Generates the load in this process; the server runs in another one. */
async function prepareTask({ participant, effort }: ParticipantContext): Promise<ParticipantTask> {
  const server = fork(paths.server, participant.split(' '), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [port] = await once(server, 'message')
  const url = `http://127.0.0.1:${port}/`
  const extent = effort.isShort ? { amount: 200 } : { duration: 3 }

  async function fetchCost(): Promise<Cost> {
    server.send('cost')
    const [answer] = await once(server, 'message')
    return answer
  }
  await autocannon({ url, connections: 50, amount: effort.isShort ? 100 : 20_000 })
  return {
    async measureRound() {
      const before = await fetchCost()
      const { requests, errors, non2xx, latency, start, finish } = await autocannon({
        url,
        connections: 50,
        ...extent,
      })
      const after = await fetchCost()
      if (errors + non2xx > 0)
        throw new Error(`${errors} connection errors, ${non2xx} responses without status 2xx`)
      const seconds = (finish.getTime() - start.getTime()) / 1_000
      return {
        'requests/s': requests.total / seconds,
        'requests/CPU s': (requests.total * 1e6) / (after.cpu - before.cpu),
        p99: latency.p99,
        computations: after.loads,
      }
    },
    close: async () => server.kill('SIGKILL'),
  }
}

const closeToConstant = (framework: keyof typeof hitGoals, metric: string): Goal => ({
  of: `${framework}, ${metric}`,
  kind: 'time',
  ...atLeast(hitGoals[framework]),
  goal: `≥ ${hitGoals[framework].toFixed(2)} of a constant buffer`,
  evaluate: (results) => ratioOf(results, [`${framework} larder`, metric], [`${framework} constant`]),
})

const closeToPlain = (framework: string): Goal => ({
  of: `${framework} without a rule, requests/CPU s`,
  kind: 'time',
  ...atLeast(0.95),
  goal: '≥ 0.95 of the application without Larder',
  evaluate: (results) => ratioOf(results, [`${framework} unruled`, 'requests/CPU s'], [`${framework} plain`]),
})

const closeToEmpty = (framework: string): Goal => ({
  of: `${framework} without a rule, requests/CPU s, beside an empty middleware`,
  kind: 'time',
  ...atLeast(0.95),
  goal: '≥ 0.95 of the application with an empty middleware',
  evaluate: (results) => ratioOf(results, [`${framework} unruled`, 'requests/CPU s'], [`${framework} empty`]),
})

const computedOnce = (framework: string): Goal => ({
  of: `${framework}, computations`,
  kind: 'count',
  ...atMost(1),
  evaluate: (results) => greatestOf(results, `${framework} larder`, 'computations'),
})

export const http: Workload = {
  name: 'http',
  title: '10 KB of JSON over HTTP',
  about:
    'A route whose source takes 5 ms, behind each integration, on 50 connections; against the same framework that answers a constant buffer with the same fields; and a cache without a rule (`unruled`) against the application without it (`plain`), and against one with a middleware that does nothing (`empty`), for which Hono leaves its shorter way for a single handler. Where the load takes more of the machine than the server, requests per second of the server’s processor tell more than requests per second.',
  participants: frameworks.flatMap((framework) => variants.map((variant) => `${framework} ${variant}`)),
  maxRounds: 5,
  metrics: [
    { name: 'requests/s', unit: '/s', better: 'more' },
    { name: 'requests/CPU s', unit: '/s', better: 'more' },
    { name: 'p99', unit: 'ms', better: 'less' },
    { name: 'computations', unit: '', better: 'less' },
  ],
  prepareTask,
  goals: frameworks.flatMap((framework) => [
    closeToConstant(framework, 'requests/s'),
    closeToConstant(framework, 'requests/CPU s'),
    computedOnce(framework),
    closeToPlain(framework),
    closeToEmpty(framework),
  ]),
}
