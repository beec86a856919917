import { copyLog, emptyLog, type LogState } from './log-state'
import type { StoredEntry } from './server-entries'
import type { HeldLease } from './server-leases'

/** The whole data of a server. */
export interface ServerState {
  readonly entries: Map<string, StoredEntry>
  readonly leases: Map<string, HeldLease>
  readonly log: LogState
}

/** The data of a server that has lost everything. */
export const emptyServerState = (): ServerState => ({
  entries: new Map(),
  leases: new Map(),
  log: emptyLog(),
})

/** A copy that no later write to the server reaches. */
export const copyServerState = ({ entries, leases, log }: ServerState): ServerState => ({
  entries: new Map(entries),
  leases: new Map(leases),
  log: copyLog(log),
})
