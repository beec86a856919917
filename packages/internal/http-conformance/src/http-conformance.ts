import { parseArgs } from 'node:util'
import { formatTable, startProgress } from '@larder/report'
import { outdatedTests } from './outdated-tests'
import { runConformance } from './run-conformance'
import { countPassed, type ScoredTest } from './score'
import type { TestKind } from './suite'
import { type TargetName, targetNames } from './targets'

const usage = `npm run http-conformance -- [${targetNames.join('|')}]... [--suite DIR] [--id TEST]... [--concurrency N]

  --suite DIR  a checkout of http-tests/cache-tests (default: the installed npm package http-cache-tests)
  --id TEST    run only these tests, and print their messages
  --concurrency N  tests under way at once (default: 100); fewer leave more of a busy machine to each
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    id: { type: 'string', multiple: true },
    concurrency: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const chosen = (positionals.length > 0 ? positionals : targetNames) as TargetName[]
const concurrency = values.concurrency === undefined ? undefined : Number(values.concurrency)
if (
  values.help ||
  !(concurrency === undefined || concurrency > 0) ||
  !chosen.every((name) => targetNames.includes(name))
) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const kinds: readonly TestKind[] = ['required', 'optimal', 'check']
/** A checkout is expected to be of the newest version, which has no outdated tests. */
const outdatedReason = ({ id }: ScoredTest) => (values.suite === undefined ? outdatedTests[id] : undefined)
const formatCell = (scored: readonly ScoredTest[], kind: TestKind) => {
  const { passed, of } = countPassed(scored, kind)
  return of === 0 ? '' : `${passed}/${of}`
}

let hasFailed = false
for (const target of chosen) {
  const progress = startProgress(`${target}, about half a minute`)
  const scored = await runConformance({ target, suite: values.suite, ids: values.id, concurrency })
  progress.clear()
  const ran = scored.filter(({ outcome }) => outcome !== 'not run')
  const groups = [...new Set(ran.map(({ group }) => group))]
  const rows = groups.map((group) => [
    group,
    ...kinds.map((kind) =>
      formatCell(
        ran.filter((test) => test.group === group),
        kind,
      ),
    ),
  ])
  rows.push(['total', ...kinds.map((kind) => formatCell(ran, kind))])
  console.log(
    `\n## ${target}\n\n${formatTable(['subject', 'required', 'optimal', 'yes to a question'], rows)}\n`,
  )
  for (const test of ran) {
    const { id, kind, outcome, message } = test
    if (outcome === 'passed' || (kind === 'check' && values.id === undefined)) continue
    const reason = outdatedReason(test) ?? message
    console.log(`${outcome}: ${id} (${kind})${reason === '' ? '' : `: ${reason}`}`)
  }
  hasFailed ||= ran.some(
    (test) => test.kind === 'required' && test.outcome !== 'passed' && outdatedReason(test) === undefined,
  )
}
process.exitCode = hasFailed ? 1 : 0
