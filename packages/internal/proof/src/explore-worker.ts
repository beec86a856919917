import { parentPort } from 'node:worker_threads'
import { exploreSchedules, parseSchedule } from '@larder/testing'
import type { ExplorationTask } from './exploration/explore-on-workers'

// Thousands of calls fail on purpose; collecting their stack traces would cost time.
Error.stackTraceLimit = 0

parentPort?.on('message', async ({ schedule, bound }: ExplorationTask) => {
  parentPort?.postMessage(await exploreSchedules(parseSchedule(schedule), { bound }))
})
