/** Every character that `needed` matches as percent-encoded UTF-8. Unlike `encodeURIComponent` it takes half a character, too. */
export function percentEncoded(text: string, needed: RegExp): string {
  return text.replace(needed, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `%${hex(byte)}`).join(''),
  )
}

const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0')
