import type { Cache, WarmProgress, WarmReport } from '@larder/core'
import { requireKnown, textIn } from '../http/parameters'
import { json, Problem } from '../http/problem'
import type { Route } from '../http/route'
import { date, list, number, object, text, truth } from '../openapi/schema'
import type { AdminOptions } from '../options'

/** A warm-up, running or over. */
export interface WarmUp {
  readonly name: string
  readonly startedAt: Date
  progress: WarmProgress | undefined
  report: WarmReport | undefined
}

/** Starts the warm-ups that the application offers, each of them once at a time. */
export function createWarmUps(cache: Cache, offered: AdminOptions['warmUps'] = {}) {
  const last = new Map<string, WarmUp>()
  return {
    names: Object.keys(offered),
    all: () => [...last.values()],
    /** Undefined for a name that is not offered. */
    start(name: string): WarmUp | undefined {
      const tasks = Object.hasOwn(offered, name) ? offered[name] : undefined
      const running = last.get(name)
      if (tasks === undefined || (running !== undefined && running.report === undefined))
        return tasks && running
      const warmUp: WarmUp = { name, startedAt: new Date(), progress: undefined, report: undefined }
      last.set(name, warmUp)
      void cache
        .warm(tasks(), {
          onProgress(progress) {
            warmUp.progress = progress
          },
        })
        .then((report) => {
          warmUp.report = report
        })
      return warmUp
    },
  }
}

export type WarmUps = ReturnType<typeof createWarmUps>

const warmUp = object({
  name: text,
  startedAt: date,
  'progress?': object({ done: number, failed: number, 'total?': number, elapsed: number }),
  'report?': object({
    done: number,
    failed: number,
    failures: list(text),
    duration: number,
    wasStopped: truth,
  }),
})

/** Filling the cache by hand. */
export const warmRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'warm',
    summary: 'The warm-ups that can be started, and how far those are that were.',
    answer: object({ names: list(text), warmUps: list(warmUp) }),
    handle: ({ operated: { warmUps } }) => json({ names: warmUps.names, warmUps: warmUps.all() }),
  },
  {
    method: 'POST',
    path: 'warm',
    summary: 'Starts a warm-up, unless it is running already.',
    body: object({ name: text }),
    answer: warmUp,
    async handle(asked) {
      const { warmUps } = asked.operated
      const body = await asked.body()
      requireKnown(body, ['name'])
      const name = textIn(body, 'name') ?? ''
      const started = warmUps.start(name)
      if (started === undefined)
        throw new Problem(
          404,
          'No such warm-up',
          `There are: ${warmUps.names.join(', ') || 'none; see the option warmUps'}.`,
        )
      asked.note('warm', [name])
      return json(started)
    },
  },
]
