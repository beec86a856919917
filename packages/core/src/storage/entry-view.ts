import type { EntryView } from '../contracts/inspection'
import type { LocalEntry } from '../entry/entry'
import { isUserTag } from '../entry/reserved-tags'
import type { Validity } from './validity'

/** An entry for people and tools, with a copy of its value. Reserved tags are left out. */
export function toEntryView(entry: LocalEntry, validity: Validity): EntryView<never> {
  return {
    value: entry.copy(entry.value) as never,
    state: validity.stateOf(entry),
    tags: entry.tags.filter(isUserTag),
    createdAt: new Date(entry.createdAt),
    freshUntil: toDate(entry.freshUntil),
    staleUntil: toDate(entry.staleUntil),
    errorUntil: toDate(entry.errorUntil),
    asOf: entry.asOf,
    computeTime: entry.computeTime,
  }
}

/** `Infinity` becomes the last possible date, in the year 275760. */
function toDate(ms: number): Date {
  return new Date(Math.min(ms, 8.64e15))
}
