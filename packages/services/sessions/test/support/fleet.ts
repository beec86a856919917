import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { SessionsOptions } from '../../src/index'

interface FleetOptions {
  readonly size: number
  /** The URL of a server, or the addresses of Sentinels and the name of their primary. */
  readonly server: object
  readonly options: Partial<SessionsOptions>
}

/** A call that `worker.mjs` carries out, by its name there. */
interface Call {
  readonly name: 'create' | 'read' | 'save' | 'renew' | 'revoke' | 'revokeAll' | 'list'
  readonly call: object
}

/** Processes that share sessions. */
export interface Fleet extends AsyncDisposable {
  readonly size: number
  /** Sends a call to any of the processes, or to one. Rejects if the call does, or if the process is killed meanwhile. */
  send(call: Call, worker?: number): Promise<unknown>
  /** Kills a process, as a crash does, and starts another one in its place. */
  replace(worker: number): Promise<void>
  /** Freezes a process during `work`: its calls go on afterwards. */
  freezeDuring(worker: number, work: () => Promise<void>): Promise<void>
}

const program = fileURLToPath(new URL('worker.mjs', import.meta.url))

/** Resolves when all processes have begun. */
export async function startFleet({ size, server, options }: FleetOptions): Promise<Fleet> {
  const argument = JSON.stringify({ server, options })
  const workers = await Promise.all(Array.from({ length: size }, () => startWorker(argument)))
  const workerAt = (at: number) => {
    const worker = workers[at]
    if (worker === undefined) throw new Error(`There is no process ${at}.`)
    return worker
  }

  return {
    size,
    send: (call, at = Math.floor(Math.random() * size)) => workerAt(at).send(call),
    async replace(at) {
      workerAt(at).child.kill('SIGKILL')
      workers[at] = await startWorker(argument)
    },
    async freezeDuring(at, work) {
      const { child } = workerAt(at)
      child.kill('SIGSTOP')
      await work()
      child.kill('SIGCONT')
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of workers) child.kill('SIGKILL')
    },
  }
}

interface Reply {
  readonly number: number
  readonly result?: unknown
  readonly error?: string
}

interface Worker {
  readonly child: ChildProcess
  send(call: Call): Promise<unknown>
}

async function startWorker(argument: string): Promise<Worker> {
  const child = fork(program, [argument])
  await once(child, 'message')
  const waiting = new Map<number, (reply: Reply) => void>()
  let sent = 0
  child.on('message', (reply: Reply) => {
    waiting.get(reply.number)?.(reply)
    waiting.delete(reply.number)
  })
  child.on('exit', () => {
    for (const [number, settle] of waiting) settle({ number, error: 'killed' })
  })
  return {
    child,
    send: (call) =>
      new Promise((resolve, reject) => {
        sent += 1
        waiting.set(sent, ({ result, error }) =>
          error === undefined ? resolve(result) : reject(new Error(error)),
        )
        child.send({ number: sent, ...call }, (error) => error && reject(error))
      }),
  }
}
