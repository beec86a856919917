import { type Cache, toMs } from '@larder/core'
import { type Advisor, createAdvisor } from './advice/advisor'
import { createMaintenanceRunner, type MaintenanceRunner } from './maintenance-runner'
import { type ActivityRecorder, createActivityRecorder } from './observation/activity'
import { createErrorLog, type ErrorLog } from './observation/error-log'
import { createHistory, type History } from './observation/history'
import type { AdminOptions } from './options'
import { createWarmUpRunner, type WarmUpRunner } from './warm-up-runner'

/** A cache with the observations and jobs that the admin API serves. */
export interface ManagedCache {
  readonly cache: Cache
  readonly history: History
  readonly errors: ErrorLog
  readonly activity: ActivityRecorder
  readonly advise: Advisor
  readonly warmUps: WarmUpRunner
  readonly maintenance: MaintenanceRunner
}

export function createManagedCache(
  cache: Cache,
  options: AdminOptions,
  reportError: (error: unknown) => void,
): ManagedCache {
  const activity = createActivityRecorder(cache, toMs(options.watchFor ?? '5m', 'watchFor'))
  return {
    cache,
    history: createHistory(cache, options.maxHistory ?? 1_000),
    errors: createErrorLog(cache),
    activity,
    advise: createAdvisor(cache, activity),
    warmUps: createWarmUpRunner(cache, options.warmUps ?? {}, reportError),
    maintenance: createMaintenanceRunner(cache, options.audits ?? {}, reportError),
  }
}
