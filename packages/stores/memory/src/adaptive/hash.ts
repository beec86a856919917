/** Hashes a key to 32 bits: FNV-1a and a finalizer. The seed is random per process, so keys cannot be chosen to collide. */
export function hashKey(key: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return mixBits(hash)
}

/** The finalizer of MurmurHash3: every input bit affects every output bit. */
export function mixBits(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
