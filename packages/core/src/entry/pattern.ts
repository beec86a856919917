/**
 * Compiles a glob pattern in which `*` stands for any characters and `?` for one. The text between two stars is searched
 * for from left to right: the first occurrence leaves the most for the rest. So the time is linear in the length of the
 * key, whatever the number of stars. It grows with that of a text with `?` as well, and keys have at most 512 characters.
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
  if (!part.includes('?')) return (key, from) => key.indexOf(part, from)
  return (key, from) => {
    for (let position = from; position <= key.length - part.length; position += 1)
      if (matchesAt(part, key, position)) return position
    return -1
  }
}
