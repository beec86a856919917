import type { Finding } from '../../src/doctor/finding'
import { runLarder, slowClock } from './larder'

/** The JSON output of `larder doctor`, and its exit code. */
interface Diagnosis {
  readonly code: number
  readonly status: string
  readonly findings: readonly Finding[]
  findingOf(check: string): Finding
}

/** Runs `larder doctor --json` in this process. */
export async function runDoctor(url: string, ...argv: string[]): Promise<Diagnosis> {
  const { code, output } = await runLarder(url, ['doctor', '--json', ...argv], { clock: slowClock })
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
