import { parentPort } from 'node:worker_threads'
import { type FaultName, simulate, simulateIncident } from '@larder/testing'
import { faultsOf, isIncident, type RunResult, type SimulationTask } from './simulation/campaign'

// Thousands of calls fail on purpose; collecting their stack traces would cost time.
Error.stackTraceLimit = 0

function simulateTask({ seed, faultClass }: SimulationTask) {
  if (isIncident(faultClass)) return simulateIncident({ seed, incident: faultClass })
  return simulateFaults(seed, faultsOf(faultClass))
}

async function simulateFaults(seed: number, faults: readonly FaultName[]) {
  const { violations, ...run } = await simulate({ seed, faults })
  return { ...run, violations: violations.map(({ message }) => message) }
}

async function runTask(task: SimulationTask): Promise<RunResult> {
  const { history, violations, maxStalenessSeen, longestRead } = await simulateTask(task)
  return {
    ...task,
    reads: history.reads.length,
    writes: history.writes.length,
    faults: history.faults.length,
    maxStalenessSeen,
    longestRead,
    violations,
  }
}

parentPort?.on('message', async (tasks: readonly SimulationTask[]) => {
  const runs: RunResult[] = []
  for (const task of tasks) runs.push(await runTask(task))
  parentPort?.postMessage(runs)
})
