/**
 * Whether a key fits a pattern in which `*` stands for any characters and `?` for one. Goes back to the last `*` alone, so
 * no pattern takes longer than its length times the key's.
 */
export function matchesPattern(pattern: string, key: string): boolean {
  let at = 0
  let star = -1
  let afterStar = 0
  for (let place = 0; place < key.length; ) {
    if (pattern[at] === '*') {
      star = at
      at += 1
      afterStar = place
    } else if (pattern[at] === '?' || pattern[at] === key[place]) {
      at += 1
      place += 1
    } else if (star >= 0) {
      at = star + 1
      afterStar += 1
      place = afterStar
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}
