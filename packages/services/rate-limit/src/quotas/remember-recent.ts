/**
 * Returns a function that computes a value for a text once, as long as the text is among the recent ones: at least half of
 * `most` others must be asked for before it is forgotten. Two generations stand for an order of use.
 */
export function rememberRecent<T>(most: number, compute: (text: string) => T): (text: string) => T {
  let recent = new Map<string, T>()
  let older = new Map<string, T>()

  return (text) => {
    const known = recent.get(text)
    if (known !== undefined) return known
    const value = older.get(text) ?? compute(text)
    if (recent.size >= most / 2) {
      older = recent
      recent = new Map()
    }
    recent.set(text, value)
    return value
  }
}
