import { parentPort } from 'node:worker_threads'
import { simulate } from '@larder/testing'
import { faultsOf, type RunResult, type SimulationTask } from './simulation/campaign'

// Thousands of calls fail on purpose; collecting their stack traces would cost time.
Error.stackTraceLimit = 0

async function runTask({ seed, faultClass }: SimulationTask): Promise<RunResult> {
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

parentPort?.on('message', async (tasks: readonly SimulationTask[]) => {
  const runs: RunResult[] = []
  for (const task of tasks) runs.push(await runTask(task))
  parentPort?.postMessage(runs)
})
