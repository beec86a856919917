/**
 * Characters that a terminal interprets or does not show: control characters (C0 and C1), characters that change the
 * direction of text, invisible ones, and lone surrogates. Keys, tags and values may hold any of them.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Escapes unprintable characters as JSON does. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, escapeCharacter)
}

/** A key or tag as it is, or in quotes where blanks around it would not be seen. */
export function quoteBlanks(name: string): string {
  return name === name.trim() && name !== '' ? name : JSON.stringify(name)
}

/**
 * JSON with unprintable characters escaped. The meaning is the same, because they occur only within strings. Values
 * that JSON cannot represent are replaced: bigints and non-finite numbers by text, maps and sets by lists.
 */
export function toPrintableJson(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value, replaceUnsupported) ?? 'null')
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

function replaceUnsupported(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value]
  if (value instanceof Error) return { name: value.name, message: value.message }
  return value
}
