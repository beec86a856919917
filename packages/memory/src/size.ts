/** Parts looked at before the rest is extrapolated: weighing must not cost more than caching saves. */
const maxParts = 1_000
const header = 16
const slot = 8

/** Roughly how many bytes a value takes in memory. Bounded work: of a large value, a part is weighed and the rest inferred. */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>()
  const pending: unknown[] = [value]
  let bytes = 0
  let parts = 0
  while (pending.length > 0 && parts < maxParts) {
    bytes += ownSize(pending.pop(), pending, seen)
    parts += 1
  }
  return pending.length === 0 ? bytes : Math.ceil((bytes / parts) * (parts + pending.length))
}

/** The bytes of one part; what it holds is put on `pending`. */
function ownSize(value: unknown, pending: unknown[], seen: Set<object>): number {
  if (typeof value === 'string') return header + value.length * (isLatin1(value) ? 1 : 2)
  if (typeof value === 'bigint') return header + value.toString(16).length / 2
  if (typeof value !== 'object' || value === null) return slot
  if (seen.has(value)) return slot
  seen.add(value)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return header * 6 + value.byteLength
  if (value instanceof Map) {
    for (const [key, item] of value) pending.push(key, item)
    return header * 2 + value.size * slot * 4
  }
  if (value instanceof Set) {
    pending.push(...value)
    return header * 2 + value.size * slot * 3
  }
  const items = Object.values(value)
  for (const item of items) pending.push(item)
  return header + header / 2 + items.length * slot
}

/** V8 keeps text of Latin-1 in one byte a character; the beginning tells well enough. */
function isLatin1(text: string): boolean {
  const end = Math.min(text.length, 32)
  for (let at = 0; at < end; at += 1) if (text.charCodeAt(at) > 255) return false
  return true
}
