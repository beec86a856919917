import { parseArgs } from 'node:util'
import { type Progress, startProgress } from '@larder/report'
import { runWorkload, stepsOf } from './measuring/run-workload'
import { ensureNode } from './newer-node'
import { type Report, reportOf } from './report/report'
import { participantTable, verdictTable } from './report/tables'
import { writeDocumentation, writeReports } from './report/write-reports'
import type { Effort, Workload } from './workload'
import { workloadNamed, workloads } from './workloads'

/** `npm run bench`, `npm run bench -- NAME…`; `--short` counts and writes nothing, `--report` writes without measuring. */
const args = process.argv.slice(2).filter((arg) => arg !== '--')
const { values, positionals } = parseArgs({
  args,
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
})

function effortOf(isShort: boolean, rounds: string | undefined): Effort {
  if (isShort) return { isShort, rounds: Number(rounds ?? 3), time: 20 }
  return { isShort, rounds: Number(rounds ?? 9), time: 300 }
}

interface StepProgress extends Pick<Progress, 'clear'> {
  startStep(step: string): void
}

function startStepProgress(total: number): StepProgress {
  const progress = startProgress('measuring')
  let begun = 0
  return {
    startStep(step) {
      progress.update(begun / total, step)
      begun += 1
    },
    clear: progress.clear,
  }
}

async function measureWorkload(workload: Workload, effort: Effort, progress: StepProgress): Promise<Report> {
  const outcome = await runWorkload(workload, {
    effort,
    progress: (participant) => progress.startStep(`${workload.name}: ${participant}`),
  })
  const report = reportOf(workload, outcome, effort.isShort)
  progress.clear()
  console.log(`\n${report.title}\n\n${participantTable(report)}`)
  for (const [name, reason] of outcome.failures) console.log(`\n${name} was not measured: ${reason}`)
  return report
}

async function runAll(chosen: readonly Workload[], effort: Effort): Promise<void> {
  const progress = startStepProgress(chosen.reduce((sum, workload) => sum + stepsOf(workload, { effort }), 0))
  const reports: Report[] = []
  for (const workload of chosen) {
    const report = await measureWorkload(workload, effort, progress)
    reports.push(report)
    // Write each report at once, so that an interrupted run keeps its results. Times of a short run are meaningless.
    if (!effort.isShort) writeReports([report])
  }
  const verdicts = reports.flatMap((report) => report.verdicts)
  console.log(`\n${verdictTable(verdicts)}`)
  // Times depend on the machine; counts do not.
  if (verdicts.some(({ kind, verdict }) => kind === 'count' && verdict !== 'met')) process.exitCode = 1
}

const chosen = positionals.length === 0 ? workloads : positionals.map(workloadNamed)
if (!values.report) {
  ensureNode(args)
  await runAll(chosen, effortOf(values.short, values.rounds))
}
if (!values.short) writeDocumentation()
