import type { Clock } from '@larder/core'
import type { Finding } from '../../src/doctor/finding'
import { runLarder, slowClock } from './larder'

/** The JSON output of `larder doctor`, and its exit code. */
export interface Diagnosis {
  readonly code: number
  readonly status: string
  readonly findings: readonly Finding[]
  findingOf(check: string): Finding
}

/** Runs `larder doctor --json` in this process. */
export function runDoctor(url: string, ...argv: string[]): Promise<Diagnosis> {
  return runDoctorAt(slowClock, url, ...argv)
}

/** Runs it by another clock than the slow one. */
export async function runDoctorAt(clock: Clock, url: string, ...argv: string[]): Promise<Diagnosis> {
  const { code, output } = await runLarder(url, ['doctor', '--json', ...argv], { clock })
  const { status, findings } = JSON.parse(output) as { status: string; findings: Finding[] }
  return {
    code,
    status,
    findings,
    findingOf(check) {
      const found = findings.find((finding) => finding.check === check)
      if (found === undefined) throw new Error(`doctor reported no check "${check}".`)
      return found
    },
  }
}
