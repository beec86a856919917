import { type Cache, toMs } from '@larder/core'
import { type ActivityRecorder, createActivityRecorder } from './observation/activity'
import { createErrorLog, type ErrorLog } from './observation/error-log'
import { createHistory, type History } from './observation/history'
import type { AdminOptions } from './options'
import { createWarmUpRunner, type WarmUpRunner } from './warm-up-runner'

/** A cache with the observations and warm-ups that the admin API serves. */
export interface ManagedCache {
  readonly cache: Cache
  readonly history: History
  readonly errors: ErrorLog
  readonly activity: ActivityRecorder
  readonly warmUps: WarmUpRunner
}

export function createManagedCache(
  cache: Cache,
  options: AdminOptions,
  reportError: (error: unknown) => void,
): ManagedCache {
  return {
    cache,
    history: createHistory(cache, options.maxHistory ?? 1_000),
    errors: createErrorLog(cache),
    activity: createActivityRecorder(cache, toMs(options.watchFor ?? '5m', 'watchFor')),
    warmUps: createWarmUpRunner(cache, options.warmUps ?? {}, reportError),
  }
}
