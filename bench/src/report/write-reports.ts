import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paths } from '../paths'
import { workloads } from '../workloads'
import { withResults } from './documentation'
import { plotOf } from './plot'
import type { Report } from './report'

/** Writes each report as JSON and as a plot. */
export function writeReports(reports: readonly Report[]): void {
  mkdirSync(paths.results, { recursive: true })
  for (const report of reports) {
    writeFileSync(fileOf(report.name, 'json'), `${JSON.stringify(report, null, 2)}\n`)
    writeFileSync(fileOf(report.name, 'svg'), plotOf(report))
  }
}

/** Writes the stored reports of all workloads into the documentation. */
export function writeDocumentation(): void {
  const reports = workloads.flatMap(({ name }): Report[] => {
    const file = fileOf(name, 'json')
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : []
  })
  const text = readFileSync(paths.documentation, 'utf8')
  writeFileSync(paths.documentation, withResults(text, reports, workloads))
}

function fileOf(name: string, extension: string): string {
  return join(paths.results, `${name}.${extension}`)
}
