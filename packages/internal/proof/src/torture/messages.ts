import type { ReadRecord, WriteRecord } from '@larder/testing'
import type { Period } from './shared-clock'
import type { Address } from './topology'

/** The settings of one process. */
export interface Assignment {
  readonly node: number
  /** The number of processes. */
  readonly processes: number
  readonly address: Address
  readonly seed: number
  /** Whether to skip the invalidation after some writes, to see whether that is detected. */
  readonly isForgetful: boolean
}

/** Messages from the parent to a process. */
export type ToProcess =
  | { readonly kind: 'start'; readonly assignment: Assignment }
  /** The database's reply to a read or a commit. */
  | { readonly kind: 'version'; readonly id: number; readonly version: number }
  /** An acknowledged write of another process. */
  | { readonly kind: 'news'; readonly write: WriteRecord }
  /** Set the wall clock forward, or back by a negative number, in ms. */
  | { readonly kind: 'set clock'; readonly by: number }
  /** Keep the event loop busy for so long, in ms. */
  | { readonly kind: 'stall'; readonly length: number }
  /** Stop the workload and recover. */
  | { readonly kind: 'rest' }
  /** All processes have recovered: read every item once more, and exit. */
  | { readonly kind: 'finish' }

/** Messages from a process to the parent. */
export type ToParent =
  | { readonly kind: 'read' | 'commit'; readonly id: number; readonly item: number }
  /** An acknowledged write, and how many reads the process has begun so far. */
  | { readonly kind: 'wrote'; readonly write: WriteRecord; readonly reads: number }
  /** The outbox is empty, and the log was read a moment ago. */
  | { readonly kind: 'recovered' }
  | { readonly kind: 'done'; readonly reads: readonly ReadRecord[]; readonly stalls: readonly Period[] }
