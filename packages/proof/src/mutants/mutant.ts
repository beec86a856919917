import type { FaultClass } from '../simulation/campaign'

/** A way to break the core on purpose. */
export interface Mutant {
  /** What is broken, for people. */
  readonly name: string
  /** Below `packages/core/src`. */
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  /** The faults under which it must show. */
  readonly faults: FaultClass
}
