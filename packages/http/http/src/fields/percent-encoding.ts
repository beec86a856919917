/**
 * Percent-encodes every character that `unsafe` matches, as UTF-8. Unlike `encodeURIComponent` it accepts lone
 * surrogates, as U+FFFD.
 */
export function percentEncode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (character) =>
    Array.from(new TextEncoder().encode(character), encodeByte).join(''),
  )
}

const encodeByte = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
