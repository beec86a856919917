/**
 * What a terminal would obey instead of showing: control characters, C1 among them; what turns the direction of text;
 * what is invisible; halves of surrogate pairs. Keys and tags come from anywhere.
 */
const commanding = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text that can only be shown: everything else is escaped as in JSON. */
export function printable(text: string): string {
  return text.replace(commanding, escapeCharacter)
}

/** Lines that can only be shown. */
export function printableLines(text: string): string[] {
  return text.split('\n').map(printable)
}

/** JSON that can only be shown. It means the same: within JSON such characters stand in strings alone. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value, plain) ?? 'null')
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** What JSON has no form for. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value]
  if (value instanceof Error) return { name: value.name, message: value.message }
  return value
}
