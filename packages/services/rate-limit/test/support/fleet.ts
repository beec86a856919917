import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@larder/servers'
import type { RateLimiterOptions } from '../../src/index'

/** An admitted request, and the moments between which it was decided. */
export interface Admission {
  readonly asked: number
  readonly decided: number
  readonly by: 'redis' | 'local' | 'none'
  readonly pid: number
}

interface FleetOptions {
  readonly size: number
  /** How the processes connect, as `worker.mjs` names it. @defaultValue 'url' */
  readonly connect?: string
  /** The arguments of that connection. */
  readonly server: object
  readonly options: Partial<RateLimiterOptions>
}

/** Processes that consume the requests of one identity without pause. */
export interface Fleet extends AsyncDisposable {
  readonly admissions: readonly Admission[]
  /** Resolves after this many further admissions. */
  awaitAdmissions(count: number): Promise<void>
  /** Ends some of the processes, as a crash does. */
  kill(count: number): void
}

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url))

/** Resolves when all processes have begun. */
export async function startFleet({ size, connect = 'url', server, options }: FleetOptions): Promise<Fleet> {
  const argument = JSON.stringify({ connect, server, options })
  const admissions: Admission[] = []
  const children = await Promise.all(Array.from({ length: size }, () => startWorker(argument)))
  for (const child of children) {
    child.on('message', (admission) => admissions.push(admission as Admission))
    child.send('begin')
  }
  return {
    admissions,
    async awaitAdmissions(count) {
      const before = admissions.length
      await until(`${count} more requests are admitted`, () => admissions.length >= before + count, 60_000)
    },
    kill(count) {
      for (const child of children.splice(0, count)) child.kill('SIGKILL')
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(endWorker))
    },
  }
}

async function startWorker(argument: string): Promise<ChildProcess> {
  const child = fork(worker, [argument])
  await once(child, 'message')
  return child
}

/** Its last admissions have arrived once it has ended. */
async function endWorker(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.send('end')
  await ended
}

/** The most admissions that were certainly decided within one window of this length, in ms. */
export function mostWithinWindow(admissions: readonly Admission[], window: number): number {
  const counts = admissions.map(
    (last) =>
      admissions.filter(({ asked, decided }) => decided <= last.decided && asked > last.decided - window)
        .length,
  )
  return Math.max(0, ...counts)
}
