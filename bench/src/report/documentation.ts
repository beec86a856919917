import type { Workload } from '../workload'
import type { Report } from './report'
import { participantTable, verdictTable } from './tables'

/** Inserts the results between the marks of a page: `<!-- table -->…<!-- /table -->`, and likewise `workloads`. */
export function withResults(
  page: string,
  reports: readonly Report[],
  workloads: readonly Pick<Workload, 'name' | 'title' | 'about'>[],
): string {
  const verdicts = reports.flatMap((report) => report.verdicts)
  const table =
    reports.length === 0
      ? 'There are no measurements yet.'
      : `${verdictTable(verdicts)}\n\n${stateOf(reports)}`
  const sections = workloads.map((workload) =>
    sectionOf(
      workload,
      reports.find(({ name }) => name === workload.name),
    ),
  )
  return replaceBetween(replaceBetween(page, 'table', table), 'workloads', sections.join('\n\n'))
}

/** The version of Node and the dates of the measurements. */
function stateOf(reports: readonly Report[]): string {
  const nodes = [...new Set(reports.map(({ node }) => node))].join(', ')
  const dates = reports.map(({ date }) => date).sort()
  const [first, last] = [dates[0], dates.at(-1)]
  return `Node ${nodes}; measured ${first === last ? first : `${first} to ${last}`}.`
}

function sectionOf(
  { name, title, about }: Pick<Workload, 'name' | 'title' | 'about'>,
  report: Report | undefined,
) {
  const start = `### ${title}\n\n\`npm run bench -- ${name}\`. ${about}`
  if (report === undefined) return start
  const failures = Object.entries(report.failures).map(
    ([participant, reason]) => `- ${participant} was not measured: ${reason}`,
  )
  const plot = `![${title}](../bench/results/${name}.svg)`
  return [start, participantTable(report), ...(failures.length > 0 ? [failures.join('\n')] : []), plot].join(
    '\n\n',
  )
}

/** @throws if the page lacks the marks. */
function replaceBetween(page: string, mark: string, text: string): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`The page must contain ${start} … ${end}.`)
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`
}
