import type { ActionTargets, AdminAction } from '../options'
import type { RecordAction } from './action-recorder'
import type { AdminRequest } from './route'
import { toProblem } from './to-problem'

/** A request for an action. It is recorded once: as done or failed if it was carried out, otherwise as refused. */
export interface Attempt {
  /** Carries out the action, and records it. */
  readonly performAction: AdminRequest['performAction']
  recordRefusal(reason: string): void
  /** Names the user, once `authorize` has. */
  setUser(as: string | undefined): void
}

/** The action that a request asks for, and the name of its cache. */
export interface RequestedAction {
  /** Undefined for a request that only reads: then nothing is recorded. */
  readonly action: AdminAction['action'] | undefined
  readonly cache: string
}

export function createAttempt({ action, cache }: RequestedAction, recordAction: RecordAction): Attempt {
  let isRecorded = false
  let as: string | undefined

  function record(outcome: AdminAction['outcome'], reason?: string, targets?: ActionTargets): void {
    if (action === undefined || isRecorded) return
    isRecorded = true
    recordAction({ cache, as, action, outcome, reason, targets })
  }

  return {
    async performAction(targets, act) {
      try {
        const result = await act()
        record('done', undefined, targets)
        return result
      } catch (error) {
        record('failed', toProblem(error).title, targets)
        throw error
      }
    },
    recordRefusal: (reason) => record('refused', reason),
    setUser(name) {
      as = name
    },
  }
}
