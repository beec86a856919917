import { parentPort } from 'node:worker_threads'
import { simulate } from '@larder/testing'
import { faultsOf, type Run, type Task } from './simulation/campaign'

// Thousands of calls fail on purpose, and nobody looks at where.
Error.stackTraceLimit = 0

async function run({ seed, faultClass }: Task): Promise<Run> {
  const { history, violations, maxStalenessSeen, longestRead } = await simulate({
    seed,
    faults: faultsOf(faultClass),
  })
  return {
    seed,
    faultClass,
    reads: history.reads.length,
    writes: history.writes.length,
    faults: history.faults.length,
    maxStalenessSeen,
    longestRead,
    violations: violations.map(({ message }) => message),
  }
}

parentPort?.on('message', async (tasks: readonly Task[]) => {
  const runs: Run[] = []
  for (const task of tasks) runs.push(await run(task))
  parentPort?.postMessage(runs)
})
