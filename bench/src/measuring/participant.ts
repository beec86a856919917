import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type RedisServer, startRedis } from '@larder/servers'
import { paths } from '../paths'
import type { Samples } from '../samples'
import type { Effort, Workload } from '../workload'
import type { ParticipantCommand, ParticipantReply } from './messages'

/** A participant in separate processes, so that garbage and call-site types of one do not slow down another. */
export interface Participant {
  readonly name: string
  measureRound(round: number): Promise<Samples>
  close(): Promise<void>
}

/** The longest that a command may take, in ms. */
const commandTimeout = 600_000

/** Starts the processes of a participant, and its Redis server. @throws if it cannot be prepared. */
export async function startParticipant(
  workload: Workload,
  name: string,
  effort: Effort,
): Promise<Participant> {
  const server = workload.redis ? await startRedis() : undefined
  const children = Array.from({ length: workload.processes ?? 1 }, () => startChild(workload))
  const sendToAll = (command: (copy: number) => ParticipantCommand) =>
    Promise.all(children.map((child, copy) => sendCommand(child, command(copy))))
  const stopProcesses = () => stopAll(children, server)
  try {
    const redis = server?.url ?? ''
    await sendToAll((copy) => ({
      do: 'prepare',
      workload: workload.name,
      context: { participant: name, effort, redis, copy },
    }))
  } catch (error) {
    await stopProcesses()
    throw error
  }
  return {
    name,
    async measureRound(round) {
      const samples = await sendToAll(() => ({ do: 'measure', round }))
      return (workload.merge ?? greatestOfEach)(samples)
    },
    async close() {
      await sendToAll(() => ({ do: 'end' })).catch(() => undefined)
      await stopProcesses()
    },
  }
}

function startChild({ nodeArguments = [] }: Workload): ChildProcess {
  return fork(paths.child, [], {
    execArgv: [...nodeArguments],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function sendCommand(child: ChildProcess, command: ParticipantCommand): Promise<Samples> {
  const abort = new AbortController()
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(commandTimeout)])
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('The process of the participant exited.')
  })
  child.send(command)
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [ParticipantReply]
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

function greatestOfEach(samples: readonly Samples[]): Samples {
  const names = Object.keys(samples[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, Math.max(...samples.map((one) => one[name] ?? 0))]))
}
