import type { AuditOptions, AuditReport, Cache } from '@larder/core'
import { createJobRunner, type Run } from './job-runner'

/** The report of an audit through the API, and whether it has deleted the entries that differ. */
interface RepairReport extends AuditReport {
  readonly repair: boolean
}

/** The report of a sweep. */
interface SweepReport {
  /** Entries that were removed. */
  readonly removed: number
  /** In ms. */
  readonly duration: number
}

/** Runs audits of the application by name, and sweeps. Each runs once at a time. */
export interface MaintenanceRunner {
  readonly auditNames: readonly string[]
  latestAudits(): readonly Run<RepairReport>[]
  latestSweep(): Run<SweepReport> | undefined
  isAuditRunning(name: string): boolean
  /** Starts one of `auditNames`, unless it is running. */
  startAudit(name: string, changes: Pick<AuditOptions, 'sample' | 'repair'>): Run<RepairReport>
  startSweep(): Run<SweepReport>
}

export function createMaintenanceRunner(
  cache: Cache,
  audits: Readonly<Record<string, AuditOptions>>,
  reportError: (error: unknown) => void,
): MaintenanceRunner {
  const auditJobs = createJobRunner<RepairReport>(reportError)
  const sweepJobs = createJobRunner<SweepReport>(reportError)

  async function audit(
    name: string,
    changes: Pick<AuditOptions, 'sample' | 'repair'>,
  ): Promise<RepairReport> {
    const options = { ...audits[name], ...changes } as AuditOptions
    return { ...(await cache.audit(options)), repair: options.repair ?? false }
  }

  async function sweep(): Promise<SweepReport> {
    const startedAt = performance.now()
    const removed = await cache.sweep()
    return { removed, duration: performance.now() - startedAt }
  }

  return {
    auditNames: Object.keys(audits),
    latestAudits: auditJobs.latestRuns,
    latestSweep: () => sweepJobs.latestRuns()[0],
    isAuditRunning: auditJobs.isRunning,
    startAudit: (name, changes) => auditJobs.start(name, () => audit(name, changes)),
    startSweep: () => sweepJobs.start('sweep', sweep),
  }
}
