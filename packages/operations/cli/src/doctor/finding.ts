/** `unknown`: the server would not say. */
export type Status = 'ok' | 'warn' | 'fail' | 'unknown'

/** What one check came to. */
export interface Finding {
  readonly check: string
  readonly status: Status
  /** What is the case, and what follows from it. */
  readonly found: string
  /** What to change. */
  readonly advice?: string | undefined
  /** Which primary, where there are several. */
  readonly node?: string | undefined
}

/** Runs a check. One that cannot look says so instead of ending the others. */
export async function finding(check: string, look: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await look()) }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    const isRefused = found.startsWith('NOPERM')
    const advice = isRefused
      ? 'Run doctor as a user who may run this, or give this user the right.'
      : undefined
    return { check, status: isRefused ? 'unknown' : 'fail', found, advice }
  }
}
