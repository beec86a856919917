import { parseArgs } from 'node:util'
import { formatTable, startProgress } from '@larder/report'
import { outdated } from './outdated'
import { runConformance } from './run'
import { type Scored, tally } from './score'
import type { Kind } from './suite'
import { type TargetName, targetNames } from './targets'

const usage = `npm run http-conformance -- [${targetNames.join('|')}]... [--suite DIR] [--id TEST]... [--at-once N]

  --suite DIR  a checkout of http-tests/cache-tests (the installed npm package http-cache-tests)
  --id TEST    only these tests, with what they say
  --at-once N  tests under way at once (100): of fewer, each has more of the machine
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    id: { type: 'string', multiple: true },
    'at-once': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const chosen = (positionals.length > 0 ? positionals : targetNames) as TargetName[]
const atOnce = values['at-once'] === undefined ? undefined : Number(values['at-once'])
if (
  values.help ||
  !(atOnce === undefined || atOnce > 0) ||
  !chosen.every((name) => targetNames.includes(name))
) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

const kinds: readonly Kind[] = ['required', 'optimal', 'check']
/** The newest suite has none of these left. */
const reasonFor = ({ id }: Scored) => (values.suite === undefined ? outdated[id] : undefined)
const cell = (scored: readonly Scored[], kind: Kind) => {
  const { passed, of } = tally(scored, kind)
  return of === 0 ? '' : `${passed}/${of}`
}

let isShort = false
for (const target of chosen) {
  const progress = startProgress(`${target}, about half a minute`)
  const scored = await runConformance({ target, suite: values.suite, ids: values.id, atOnce })
  progress.clear()
  const ran = scored.filter(({ outcome }) => outcome !== 'not run')
  const groups = [...new Set(ran.map(({ group }) => group))]
  const rows = groups.map((group) => [
    group,
    ...kinds.map((kind) =>
      cell(
        ran.filter((test) => test.group === group),
        kind,
      ),
    ),
  ])
  rows.push(['total', ...kinds.map((kind) => cell(ran, kind))])
  console.log(
    `\n## ${target}\n\n${formatTable(['subject', 'required', 'optimal', 'yes to a question'], rows)}\n`,
  )
  for (const test of ran) {
    const { id, kind, outcome, message } = test
    if (outcome === 'passed' || (kind === 'check' && values.id === undefined)) continue
    const reason = reasonFor(test) ?? message
    console.log(`${outcome}: ${id} (${kind})${reason === '' ? '' : `: ${reason}`}`)
  }
  isShort ||= ran.some(
    (test) => test.kind === 'required' && test.outcome !== 'passed' && reasonFor(test) === undefined,
  )
}
process.exitCode = isShort ? 1 : 0
