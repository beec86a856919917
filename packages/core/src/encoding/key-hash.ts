/**
 * 53 bits of a key (cyrb53, by bryc): enough to notice that bytes belong to another key. Of answers that belong to another
 * question, one in 2^53 goes unnoticed. It is no protection from people, who can find two keys alike: a seal is.
 */
export function hashOfKey(key: string): number {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at)
    one = Math.imul(one ^ code, 0x9e3779b1)
    other = Math.imul(other ^ code, 0x5f356495)
  }
  one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35)
  other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35)
  return (other & 0x1fffff) * 2 ** 32 + (one >>> 0)
}
