import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startProgress } from '@larder/report'
import { incidents } from './drill/incidents'
import { type DrillResult, isRight, runIncident } from './drill/run-drill'
import { startService } from './drill/service'

const usage = `npm run drill -- [--only WORD]

  Causes incidents in a service of two processes on a real Redis, and compares the alerts of a real Prometheus with those
  that each has to cause. Evaluates the queries of the runbook during the incident. Ends in 15 minutes; exits with 1 if an
  alert was silent or fired without cause, or if a query found nothing.

  --only WORD   the incidents whose name contains the word
`

/** Five minutes of a rule are six seconds. */
const timeScale = 0.02
const runbook = readFileSync(new URL('../../../../docs/operate/runbook.md', import.meta.url), 'utf8')
/** Averages of the last day need a past, in ms. */
const past = 30_000

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
})
const chosen = incidents.filter(({ name }) => name.includes(values.only))
if (values.help || chosen.length === 0) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const results: DrillResult[] = []
{
  await using service = await startService(timeScale)
  const progress = startProgress('drill')
  progress.update(0, 'the service gets a past')
  await sleep(past)
  for (const [index, incident] of chosen.entries()) {
    progress.update(index / chosen.length, incident.name)
    const result = await runIncident(service, incident, runbook)
    results.push(result)
    progress.clear()
    console.log(formatResult(result))
  }
}

process.exit(results.every(isRight) ? 0 : 1)

/** One line for each incident, and one more for each kind of mistake. */
function formatResult(result: DrillResult): string {
  const { name, fired, missing, wrong, emptyQueries } = result
  const lines = [`${isRight(result) ? 'right' : 'WRONG'}  ${name}: ${fired.join(', ') || 'no alert'}`]
  if (missing.length > 0) lines.push(`       did not fire: ${missing.join(', ')}`)
  if (wrong.length > 0) lines.push(`       fired without cause: ${wrong.join(', ')}`)
  for (const query of emptyQueries) lines.push(`       the runbook's query found nothing: ${query}`)
  return lines.join('\n')
}
