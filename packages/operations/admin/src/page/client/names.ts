/** Control characters, those that change the direction of text, invisible ones, and lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const maxShownLength = 80

/** A key or tag as text that shows what it is: unprintable characters escaped, and blanks around it in quotes. */
export function printableName(name: string): string {
  const escaped = name.replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(''),
  )
  return escaped === escaped.trim() && escaped !== '' ? escaped : `"${escaped}"`
}

/** Cut in the middle: the beginning names the function, and the end tells keys apart. */
export function shortName(name: string): string {
  const text = printableName(name)
  if (text.length <= maxShownLength) return text
  const half = maxShownLength / 2 - 1
  return `${text.slice(0, half)}…${text.slice(-half)}`
}

const escapeUnit = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`
