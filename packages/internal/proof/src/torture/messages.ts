import type { ReadRecord, WriteRecord } from '@larder/testing'
import type { Address } from './topology'

/** What a process of a torture is told at its start. */
export interface Assignment {
  readonly node: number
  readonly address: Address
  readonly seed: number
  /** The invalidation after a write is left out: to see whether that is noticed. */
  readonly isForgetful: boolean
}

/** What the parent says to a process. */
export type ToProcess =
  | { readonly kind: 'start'; readonly assignment: Assignment }
  | { readonly kind: 'version'; readonly id: number; readonly version: number }
  /** A write of another process that was acknowledged. */
  | { readonly kind: 'news'; readonly write: WriteRecord }
  /** Stop working, and get well. */
  | { readonly kind: 'rest' }
  /** All are well: read everything once more, and end. */
  | { readonly kind: 'finish' }

/** What a process says to the parent. */
export type ToParent =
  | { readonly kind: 'read' | 'commit'; readonly id: number; readonly item: number }
  /** With how many reads it has begun so far. */
  | { readonly kind: 'wrote'; readonly write: WriteRecord; readonly reads: number }
  /** Nothing waits any more, and the log was read a moment ago. */
  | { readonly kind: 'well' }
  | { readonly kind: 'done'; readonly reads: readonly ReadRecord[] }

/** Milliseconds on the one clock that all processes of a machine share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** Items that are read and written. */
export const items = 24
