import type { ReadRecord, WriteRecord } from '@larder/testing'
import type { Address } from './topology'

/** The settings of one process. */
export interface Assignment {
  readonly node: number
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
  | { readonly kind: 'done'; readonly reads: readonly ReadRecord[] }

/** Milliseconds on the monotonic clock that all processes of a machine share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** The number of items. */
export const items = 24
