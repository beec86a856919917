import type { Serializer } from '../contracts/codec'
import { losesClass } from '../entry/byte-form'
import { copiesPlainData } from '../entry/copy'
import type { LocalEntry } from '../entry/entry'
import { findPart, type Part } from '../entry/find-part'
import { hasHiddenState } from '../entry/hidden-state'
import type { RegisteredClasses } from '../entry/registered-classes'

/** Ids below this one belong to Larder's own serializers. */
const firstForeignId = 64

/**
 * Examines entries as they are stored: an instance of a class that is not registered would come back from a shared store as
 * a plain object. A cache in memory is warned as well, before a shared store is added to it. A serializer of the
 * application's own may know classes by itself.
 */
export function createClassCheck(
  serializer: Serializer | undefined,
  classes: RegisteredClasses,
  warn: (key: string, instance: Part) => void,
): (entry: LocalEntry) => void {
  if (serializer !== undefined && serializer.id >= firstForeignId) return () => undefined
  const isOpaque = (part: object) => classes.typeOf(part) !== undefined || hasHiddenState(part)
  const isLost = (part: unknown) =>
    typeof part === 'object' && part !== null && !isOpaque(part) && losesClass(part)

  function findLost(value: unknown): Part | undefined {
    try {
      return findPart(value, isLost, isOpaque)
    } catch {
      // Nested too deeply: that is reported when the value is written.
      return undefined
    }
  }

  return ({ key, value, copy, kind }) => {
    const isPlain = typeof value !== 'object' || kind === 'error' || copiesPlainData(copy)
    const found = isPlain ? undefined : findLost(value)
    if (found !== undefined) warn(key, found)
  }
}
