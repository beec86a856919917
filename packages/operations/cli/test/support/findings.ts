import type { Finding } from '../../src/doctor/finding'
import { larder, slowClock } from './larder'

/** What doctor found, by check, and its exit code. */
export interface Diagnosis {
  readonly code: number
  readonly status: string
  readonly findings: readonly Finding[]
  of(check: string): Finding
}

export async function diagnose(url: string, ...argv: string[]): Promise<Diagnosis> {
  const { code, output } = await larder(url, ['doctor', '--json', ...argv], { clock: slowClock })
  const { status, findings } = JSON.parse(output) as { status: string; findings: Finding[] }
  return {
    code,
    status,
    findings,
    of(check) {
      const found = findings.find((finding) => finding.check === check)
      if (found === undefined) throw new Error(`There is no check "${check}".`)
      return found
    },
  }
}
