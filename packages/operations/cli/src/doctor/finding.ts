import type { ServiceCheck, ServiceServer } from '@larder/core'

/** `unknown`: the server refused to give the information that the check needs. */
export type Status = 'ok' | 'warn' | 'fail' | 'unknown'

/** The result of one check. */
export interface CheckResult {
  readonly status: Status
  /** The state of the server, and its consequence if it is not as it should be. */
  readonly found: string
  /** The change to make. */
  readonly advice?: string | undefined
}

/** The result of one check, with the name of the check. */
export interface Finding extends CheckResult {
  readonly check: string
  /** `host:port` of the primary, if there are several. */
  readonly node?: string | undefined
}

/** Runs a check. An exception becomes a finding, so that the other checks still run. */
export async function runCheck(check: string, performCheck: () => Promise<CheckResult>): Promise<Finding> {
  try {
    return { check, ...(await performCheck()) }
  } catch (error) {
    return failedCheck(check, error)
  }
}

/** Runs a check of a service: one finding, or none where the service has no keys. */
export async function runServiceCheck(
  { name, run }: ServiceCheck,
  server: ServiceServer,
): Promise<Finding[]> {
  try {
    const result = await run(server)
    return result === undefined ? [] : [{ check: name, ...result }]
  } catch (error) {
    // A server that does not answer has a finding of its own.
    return [{ ...failedCheck(name, error), status: 'unknown' }]
  }
}

function failedCheck(check: string, error: unknown): Finding {
  const found = error instanceof Error ? error.message : String(error)
  const isRefused = found.startsWith('NOPERM')
  const advice = isRefused
    ? 'Run doctor as a user with the right to run this command, or grant it to this user.'
    : undefined
  return { check, status: isRefused ? 'unknown' : 'fail', found, advice }
}
