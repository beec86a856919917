import type { MissReason } from '@larder/core'
import type { FunctionEvidence } from '../observation/function-evidence'
import type { FunctionActivity } from './function-activity'

/** The counts of a function within the window, and the latest observations of it. */
export interface MissEvidence {
  readonly activity: FunctionActivity
  /** Undefined if nobody watched. */
  readonly observed: FunctionEvidence | undefined
}

/** The share of the misses that have this reason. */
export const shareOf = ({ misses, missReasons }: FunctionActivity, reason: MissReason) =>
  missReasons[reason] / Math.max(1, misses)
