/** Parts weighed at most: weighing must not cost more than caching saves. */
const maxParts = 1_000
/** Items weighed of one collection; the others are taken to be like them. */
const maxItems = 64
const header = 16
const slot = 8

/** One weighing: how many parts it has met, and which objects. */
interface Weighing {
  parts: number
  /** A list, not a set: they are few, and to be put into a set an object is given a hash, which takes longer. */
  readonly seen: object[]
}

/** Roughly how many bytes a value takes in memory. Bounded work: of large collections a sample is weighed. */
export function sizeOf(value: unknown): number {
  if (!isObject(value)) return Math.ceil(bytesOf(value))
  return Math.ceil(bytesOfObject(value, { parts: 1, seen: [value] }))
}

function bytesOfObject(value: object, weighing: Weighing): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return header * 6 + value.byteLength
  const items = itemsOf(value)
  const perItem = value instanceof Map || value instanceof Set ? slot * 3 : slot
  const own = header * 2 + items.length * perItem
  if (items.length === 0) return own
  const step = Math.ceil(items.length / maxItems)
  const sampled = Math.ceil(items.length / step)
  weighing.parts += sampled
  let bytes = 0
  for (let at = 0; at < items.length; at += step) {
    const item = items[at]
    bytes += isObject(item) ? bytesOfHeld(item, weighing) : bytesOf(item)
  }
  return own + (bytes * items.length) / sampled
}

/** Of an object within another. One that is met again costs its slot, as do those beyond the bound. */
function bytesOfHeld(value: object, weighing: Weighing): number {
  if (weighing.parts >= maxParts || weighing.seen.includes(value)) return slot
  weighing.seen.push(value)
  return bytesOfObject(value, weighing)
}

function itemsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return value instanceof Set ? [...value] : Object.values(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The bytes of what holds nothing else. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return header + value.length * (isLatin1(value) ? 1 : 2)
  if (typeof value === 'bigint') return header + value.toString(16).length / 2
  return slot
}

/** V8 keeps text of Latin-1 in one byte a character; the beginning tells well enough. */
function isLatin1(text: string): boolean {
  const end = Math.min(text.length, 32)
  for (let at = 0; at < end; at += 1) if (text.charCodeAt(at) > 255) return false
  return true
}
