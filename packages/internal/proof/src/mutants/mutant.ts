import type { FaultName } from '@larder/testing'

/** A way to break the core on purpose. */
export interface Mutant {
  /** What is broken, for people. */
  readonly name: string
  /** The faults under which it must show. */
  readonly faults: readonly FaultName[]
  readonly edits: readonly Edit[]
}

/** One change of the source. */
export interface Edit {
  /** Below `packages/core/src`. */
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly find: string
  readonly replace: string
}
