/** Parts weighed at most: weighing must not cost more than caching saves. */
const maxParts = 1_000
/** Items weighed per collection; the other items are assumed to be of the same average size. */
const maxItems = 64
/** Bytes of an object's header, and of one reference or small number. */
const headerBytes = 16
const slotBytes = 8

/** The state of one call: how many parts were weighed, and which objects. */
interface Weighing {
  parts: number
  /** An array instead of a Set: it stays small, and adding to a Set would compute an identity hash for every object. */
  readonly visited: object[]
}

/**
 * Estimates how many bytes a value takes in memory. The work is bounded: of large collections a sample is weighed.
 *
 * @example
 * ```ts
 * memoryStore({ weigh: (value) => (value instanceof Row ? value.byteLength : sizeOf(value)) })
 * ```
 */
export function sizeOf(value: unknown): number {
  if (!isObject(value)) return Math.ceil(bytesOfPrimitive(value))
  return Math.ceil(bytesOfObject(value, { parts: 1, visited: [value] }))
}

function bytesOfObject(value: object, weighing: Weighing): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return headerBytes * 6 + value.byteLength
  const items = itemsOf(value)
  const bytesPerItem = value instanceof Map || value instanceof Set ? slotBytes * 3 : slotBytes
  const ownBytes = headerBytes * 2 + items.length * bytesPerItem
  if (items.length === 0) return ownBytes
  const step = Math.ceil(items.length / maxItems)
  const sampled = Math.ceil(items.length / step)
  weighing.parts += sampled
  let bytes = 0
  for (let index = 0; index < items.length; index += step) {
    const item = items[index]
    bytes += isObject(item) ? bytesOfNested(item, weighing) : bytesOfPrimitive(item)
  }
  return ownBytes + (bytes * items.length) / sampled
}

/** The bytes of an object within another. A repeated object, or one beyond `maxParts`, counts as a reference only. */
function bytesOfNested(value: object, weighing: Weighing): number {
  if (weighing.parts >= maxParts || weighing.visited.includes(value)) return slotBytes
  weighing.visited.push(value)
  return bytesOfObject(value, weighing)
}

function itemsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return isMostlyHoles(value) ? Object.values(value) : value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return value instanceof Set ? [...value] : Object.values(value)
}

/** Judged by a sample of the places: holes take no memory, and `list[user.id] = user` makes billions of them. */
function isMostlyHoles(list: readonly unknown[]): boolean {
  const step = Math.ceil(list.length / maxItems)
  let holes = 0
  for (let index = 0; index < list.length; index += step)
    if (list[index] === undefined && !(index in list)) holes += 1
  return holes * 2 > maxItems
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function bytesOfPrimitive(value: unknown): number {
  if (typeof value === 'string') return headerBytes + value.length * (isLatin1(value) ? 1 : 2)
  if (typeof value === 'bigint') return headerBytes + value.toString(16).length / 2
  return slotBytes
}

/** Whether V8 keeps the string in one byte per character. Only the first 32 characters are examined. */
function isLatin1(text: string): boolean {
  const end = Math.min(text.length, 32)
  for (let index = 0; index < end; index += 1) if (text.charCodeAt(index) > 255) return false
  return true
}
