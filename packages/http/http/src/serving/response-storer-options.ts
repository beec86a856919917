import type { Cache } from '@larder/core'
import type { Fields } from '../fields/fields'
import type { TagField } from '../fields/tag-field'
import type { KeyBudget } from '../storage/key-budget'
import type { Warn } from '../warner'
import type { DraftSettings } from './draft'
import type { HitForMiss } from './hit-for-miss'

/** The parts of the cache that storing a response needs. */
export interface ResponseStorerOptions {
  readonly cache: Cache
  readonly settings: DraftSettings
  readonly tagField: TagField | undefined
  readonly budget: KeyBudget
  readonly hitForMiss: HitForMiss
  /** The name of this cache in `Cache-Status`. */
  readonly name: string | false
  /** The `Cache-Status` of a response that is not stored, with the reason; none if the application does not ask for it. */
  readonly bypassStatus: (detail: string) => Fields
  readonly warn: Warn
  now(): number
}
