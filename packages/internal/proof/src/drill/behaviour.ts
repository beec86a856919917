/** The behaviour of one process of the service. A message to it changes some of these. */
export interface Behaviour {
  /** Reads of `load` per second; those of `list` are a fifth of it. */
  readonly readsPerSecond: number
  /** Keys that `load` is read with: each about once in `keys / readsPerSecond` seconds. */
  readonly keys: number
  /** Duration of a source, in ms. */
  readonly sourceDelay: number
  /** Share of the calls of the source of `load` that fail. */
  readonly sourceFailures: number
  /** Whether the keys of `list` contain the time, as a mistake in a deployment. */
  readonly hasBadKeys: boolean
  /** Whether the values of `list` are not kept. */
  readonly keepsNothing: boolean
  /** Invalidations per second of the tag that all values of `list` have. */
  readonly broadInvalidations: number
  /** How long the event loop is blocked, about every second, in ms. */
  readonly blockedFor: number
}

export const healthyBehaviour: Behaviour = {
  readsPerSecond: 30,
  keys: 15,
  sourceDelay: 100,
  sourceFailures: 0,
  hasBadKeys: false,
  keepsNothing: false,
  broadInvalidations: 0,
  blockedFor: 0,
}

/** The message by which a process says that its metrics can be scraped. */
export interface Started {
  readonly port: number
}
