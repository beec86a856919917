/**
 * Compiles a glob pattern in which `*` stands for any characters and `?` for one. The text between two stars is searched
 * for from left to right: the first occurrence leaves the most for the rest. So the time is linear in the length of the
 * key, whatever the pattern.
 */
export function compilePattern(pattern: string): (key: string) => boolean {
  const parts = pattern.split('*')
  const [first = ''] = parts
  if (parts.length === 1) return (key) => key.length === first.length && matchesAt(first, key, 0)
  const last = parts.at(-1) ?? ''
  const searches = parts
    .slice(1, -1)
    .filter((part) => part !== '')
    .map((part) => ({ length: part.length, find: createSearch(part) }))
  return (key) => {
    const end = key.length - last.length
    if (end < first.length || !matchesAt(first, key, 0) || !matchesAt(last, key, end)) return false
    let position = first.length
    for (const { length, find } of searches) {
      const found = find(key, position)
      if (found < 0) return false
      position = found + length
    }
    return position <= end
  }
}

/** Whether `part`, in which `?` stands for any character, is at `position` of the key. */
function matchesAt(part: string, key: string, position: number): boolean {
  for (let index = 0; index < part.length; index += 1)
    if (part[index] !== '?' && part[index] !== key[position + index]) return false
  return true
}

/** Finds the first occurrence of a part at or after a position; -1 if there is none. */
type Search = (key: string, from: number) => number

function createSearch(part: string): Search {
  return part.includes('?') ? createShiftAnd(part) : (key, from) => key.indexOf(part, from)
}

/** Bits of one word of a set. */
const wordSize = 32

/**
 * The Shift-And search (Baeza-Yates and Gonnet 1992), which takes `?` in its stride: bit `i` of the state is set if the
 * first `i + 1` characters of the part match those that end at the current one. Costs one operation per 32 of them.
 */
function createShiftAnd(part: string): Search {
  const words = Math.ceil(part.length / wordSize)
  const masks = createMasks(part, words)
  const anyCharacter = masks.get('?') ?? new Uint32Array(words)
  const lastBit = (part.length - 1) % wordSize
  return (key, from) => {
    const state = new Uint32Array(words)
    for (let index = from; index < key.length; index += 1) {
      const mask = masks.get(key[index] ?? '') ?? anyCharacter
      let carry = 1
      for (let word = 0; word < words; word += 1) {
        const bits = state[word] ?? 0
        state[word] = ((bits << 1) | carry) & (mask[word] ?? 0)
        carry = bits >>> (wordSize - 1)
      }
      if (((state[words - 1] ?? 0) >>> lastBit) & 1) return index - part.length + 1
    }
    return -1
  }
}

/** For each character the positions of the part that it matches; for `?`, those that every character matches. */
function createMasks(part: string, words: number): ReadonlyMap<string, Uint32Array> {
  const masks = new Map<string, Uint32Array>()
  for (const character of new Set(`?${part}`)) {
    const mask = new Uint32Array(words)
    for (let index = 0; index < part.length; index += 1) {
      const word = Math.floor(index / wordSize)
      const isMatch = part[index] === '?' || part[index] === character
      if (isMatch) mask[word] = (mask[word] ?? 0) | (1 << (index % wordSize))
    }
    masks.set(character, mask)
  }
  return masks
}
