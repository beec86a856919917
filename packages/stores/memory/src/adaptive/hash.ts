/** A key as 32 bits, by FNV-1a with a last mix. The seed is secret to the process: nobody can choose keys that collide. */
export function hashOf(key: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return mixed(hash)
}

/** Lets every bit of `value` tell on every bit of the result (the finalizer of MurmurHash3). */
export function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
