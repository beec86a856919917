import type { FaultName } from '@larder/testing'

/** A variant of the core that is broken on purpose. */
export interface Mutant {
  /** The broken behaviour, as a sentence. */
  readonly name: string
  /** The faults under which the simulation must detect it. */
  readonly faults: readonly FaultName[]
  readonly edits: readonly Edit[]
}

/** One edit of the source. */
export interface Edit {
  /** Path relative to `packages/core/src`. */
  readonly file: string
  /** Text that occurs in the file exactly once. */
  readonly find: string
  readonly replace: string
}
