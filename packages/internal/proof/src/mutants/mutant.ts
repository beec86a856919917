import type { FaultName, IncidentName } from '@larder/testing'

/** A variant of the core that is broken on purpose. */
export interface Mutant {
  /** The broken behaviour, as a sentence. */
  readonly name: string
  /** The incident in which the simulation must detect it; if undefined, `faults` are injected. */
  readonly incident?: IncidentName | undefined
  /** The faults under which the simulation must detect it. */
  readonly faults: readonly FaultName[]
  /** The seed to begin with, where few orders of events show the fault. @defaultValue 1 */
  readonly firstSeed?: number | undefined
  readonly edits: readonly Edit[]
}

/** One edit of the source. */
export interface Edit {
  /** Path relative to `packages/core/src`; beginning with `testing/`, relative to the sources of the simulation. */
  readonly file: string
  /** Text that occurs in the file exactly once. */
  readonly find: string
  readonly replace: string
}
