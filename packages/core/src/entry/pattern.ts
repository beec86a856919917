/**
 * Whether a key matches a glob pattern in which `*` stands for any characters and `?` for one. Backtracks to the last `*`
 * only, so the time is bounded by the product of both lengths.
 */
export function matchesPattern(pattern: string, key: string): boolean {
  let patternIndex = 0
  let lastStar = -1
  let retryFrom = 0
  for (let keyIndex = 0; keyIndex < key.length; ) {
    if (pattern[patternIndex] === '*') {
      lastStar = patternIndex
      patternIndex += 1
      retryFrom = keyIndex
    } else if (pattern[patternIndex] === '?' || pattern[patternIndex] === key[keyIndex]) {
      patternIndex += 1
      keyIndex += 1
    } else if (lastStar >= 0) {
      patternIndex = lastStar + 1
      retryFrom += 1
      keyIndex = retryFrom
    } else return false
  }
  return /^\**$/.test(pattern.slice(patternIndex))
}
