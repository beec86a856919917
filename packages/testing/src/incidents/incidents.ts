import type { Focus } from '../simulation/workload'
import { injectDeployments } from './deployments'
import { injectLaggingReplica } from './lagging-replica'
import { injectDesync, injectForeignPushes, injectSleep } from './misled-process'
import { injectNewcomers } from './newcomers'
import { injectFlickers, injectOutages } from './outages'
import { injectRejoin } from './rejoin'
import { injectClockStep, injectRestore, injectWipe } from './restart'
import { injectSplit } from './split'
import type { Stage } from './stage'
import { injectStalls } from './stalls'

/** An incident of some minutes. */
export interface Incident {
  /** Schedules everything. Returns when all is healed, and lost records are reissued, in ms of the simulation. */
  inject(stage: Stage): number
  /** Whether records are lost. If not, no process may believe that they are. */
  readonly losesRecords: boolean
  /** Whether the server answers every call in time. If so, no call may fail. */
  readonly isStoreHealthy?: boolean
  /** Whether stale values may be served in half of the runs. A read must then only see its own process's writes. */
  readonly mayServeStale?: boolean
  /** The one item that is written. */
  readonly focus?: Focus
  /** How long the log keeps the records of single keys, in ms. @defaultValue a minute and a half, or an hour */
  readonly keyRetention?: number
  /** The longest latency of the source, in ms. @defaultValue 300 ms */
  readonly slowestSource?: number
  /** Whether calls have so many names that the cache lets other work have its turn in between. */
  readonly hasLongCalls?: boolean
  /** How many times slower than usual the workload is, so that hours of it stay affordable. */
  readonly pace: number
}

const incidents = {
  lag: { inject: injectLaggingReplica, losesRecords: true, pace: 6 },
  rejoin: { inject: injectRejoin, losesRecords: true, mayServeStale: true, pace: 1 },
  split: { inject: injectSplit, losesRecords: true, pace: 6 },
  restore: { inject: injectRestore, losesRecords: true, pace: 6 },
  wipe: { inject: injectWipe, losesRecords: true, pace: 1 },
  sleep: { inject: injectSleep, losesRecords: false, pace: 6 },
  clock: { inject: injectClockStep, losesRecords: false, pace: 1 },
  desync: { inject: injectDesync, losesRecords: false, pace: 1 },
  stall: { inject: injectStalls, losesRecords: false, isStoreHealthy: true, pace: 1 },
  soft: {
    inject: () => 8_000,
    losesRecords: false,
    mayServeStale: true,
    focus: { item: 0, means: 'soft, then hard' },
    pace: 0.3,
  },
  failure: {
    inject: () => 8_000,
    losesRecords: false,
    focus: { item: 0, means: 'tag', failsBatches: true },
    pace: 0.3,
  },
  deploy: { inject: injectDeployments, losesRecords: false, pace: 0.3 },
  relink: {
    inject: injectOutages,
    losesRecords: false,
    focus: { item: 0, means: 'relink, then parent', process: 0 },
    pace: 0.3,
  },
  flicker: {
    inject: injectFlickers,
    losesRecords: false,
    focus: { item: 0, means: 'relink, then parent', process: 0 },
    pace: 0.3,
  },
  bulk: {
    inject: (stage) => injectOutages(stage, 7_000),
    losesRecords: false,
    focus: { item: 0, means: 'tag among a thousand', process: 0 },
    hasLongCalls: true,
    pace: 0.3,
  },
  forget: {
    inject: () => 60_000,
    losesRecords: false,
    mayServeStale: true,
    focus: { item: 1, means: 'soft key, then key' },
    keyRetention: 1_000,
    slowestSource: 10_000,
    pace: 6,
  },
  newcomer: {
    inject: injectNewcomers,
    losesRecords: false,
    focus: { item: 0, means: 'set, then parent', process: 1 },
    pace: 0.3,
  },
  foreign: { inject: injectForeignPushes, losesRecords: false, pace: 1 },
} satisfies Record<string, Incident>

/** The name of an incident. */
export type IncidentName = keyof typeof incidents

/** Every incident. */
export const incidentNames = Object.keys(incidents) as readonly IncidentName[]

export function incidentOf(name: IncidentName): Incident {
  return incidents[name]
}
