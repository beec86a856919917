/** Parts weighed at most: weighing must not cost more than caching saves. */
const maxParts = 1_000
/** Items weighed of one collection; the others are taken to be like them. */
const maxItems = 64
const header = 16
const slot = 8

/** A part of the value, and how many parts like it there are. */
interface Part {
  readonly value: unknown
  readonly count: number
}

/** Roughly how many bytes a value takes in memory. Bounded work: of large collections a sample is weighed. */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>()
  const pending: Part[] = [{ value, count: 1 }]
  let bytes = 0
  let parts = 0
  for (let part = pending.pop(); part !== undefined && parts < maxParts; part = pending.pop()) {
    bytes += part.count * weigh(part, pending, seen)
    parts += 1
  }
  return Math.ceil(bytes)
}

/** The bytes of one part without those of what it holds, which is put on `pending`. */
function weigh({ value, count }: Part, pending: Part[], seen: Set<object>): number {
  if (typeof value === 'string') return header + value.length * (isLatin1(value) ? 1 : 2)
  if (typeof value === 'bigint') return header + value.toString(16).length / 2
  if (typeof value !== 'object' || value === null) return slot
  if (seen.has(value)) return slot
  seen.add(value)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return header * 6 + value.byteLength
  const items = itemsOf(value)
  const step = Math.max(1, Math.ceil(items.length / maxItems))
  const sampled = Math.ceil(items.length / step)
  for (let at = 0; at < items.length; at += step) {
    pending.push({ value: items[at], count: (count * items.length) / sampled })
  }
  return header * 2 + items.length * slot * (value instanceof Map || value instanceof Set ? 3 : 1)
}

function itemsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return value instanceof Set ? [...value] : Object.values(value)
}

/** V8 keeps text of Latin-1 in one byte a character; the beginning tells well enough. */
function isLatin1(text: string): boolean {
  const end = Math.min(text.length, 32)
  for (let at = 0; at < end; at += 1) if (text.charCodeAt(at) > 255) return false
  return true
}
