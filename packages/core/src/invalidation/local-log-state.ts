import type { Clock } from '../contracts/clock'
import type { LogMessage, LogRecord } from '../contracts/log'

/** A follower of a local log. It must not throw. */
export type LocalFollower = (message: LogMessage) => void

/**
 * The state that the followers of one local log share. Plain data and functions, because copies of this module share it too: the ES
 * module and the CommonJS one, or those of two bundles.
 */
export interface LocalLogState {
  /** The last position. */
  position: number
  /** The links in force, by their names, for followers that join later. */
  readonly links: Map<string, LogRecord>
  /** Held weakly: a module that is evaluated again in development leaves its cache unclosed. */
  readonly followers: Set<WeakRef<LocalFollower>>
}

/** The position of an empty local log. */
export const localLogStart = 1

export function createLocalLogState(): LocalLogState {
  return { position: localLogStart, links: new Map(), followers: new Set() }
}

/** One registry for the whole process. The number changes with the shape of {@link LocalLogState}. */
const registryKey = Symbol.for('larder.local-logs.1')

/**
 * The state of the local log that all caches of this name in the process share. Positions of different clocks cannot be
 * compared, so a cache with a clock of its own, as in tests, shares none.
 */
export function findLocalLogState(cacheName: string, clock: Clock | undefined): LocalLogState {
  if (clock !== undefined) return createLocalLogState()
  const process = globalThis as { [registryKey]?: Map<string, LocalLogState> }
  process[registryKey] ??= new Map()
  const states = process[registryKey]
  const state = states.get(cacheName) ?? createLocalLogState()
  states.set(cacheName, state)
  return state
}
