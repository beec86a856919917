/** An object with 10 fields, like a row of a database table. */
export function recordOf(key: string): Readonly<Record<string, unknown>> {
  return {
    key,
    id: 4711,
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    age: 36,
    score: 0.93,
    active: true,
    city: 'London',
    country: 'GB',
    visits: 1_024,
  }
}

/** An object whose JSON has about `bytes` bytes, at least 60. */
export function documentOf(key: string, bytes: number): Readonly<Record<string, unknown>> {
  return { key, at: 1_750_000_000_000, score: 0.93, text: textOf(key, Math.max(0, bytes - 60)) }
}

/** Pseudo-random base-36 text, which compresses no better than prose. */
function textOf(seed: string, length: number): string {
  let state = 7
  for (let index = 0; index < seed.length; index += 1)
    state = (Math.imul(state, 31) + seed.charCodeAt(index)) >>> 0
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += state.toString(36)
  }
  return text.slice(0, length)
}
