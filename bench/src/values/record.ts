/** An object of 10 fields, as a row of a table is. */
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

/** An object whose JSON takes about so many bytes, from 60. */
export function documentOf(key: string, bytes: number): Readonly<Record<string, unknown>> {
  return { key, at: 1_750_000_000_000, score: 0.93, text: textOf(key, Math.max(0, bytes - 60)) }
}

/** Text that does not compress better than text does. */
function textOf(seed: string, length: number): string {
  let state = 7
  for (let at = 0; at < seed.length; at += 1) state = (Math.imul(state, 31) + seed.charCodeAt(at)) >>> 0
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += state.toString(36)
  }
  return text.slice(0, length)
}
