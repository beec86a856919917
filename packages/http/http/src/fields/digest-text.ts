/** The SHA-256 of a text, so that no store holds the text itself. Undefined in a runtime without `node:crypto`. */
export function digestText(text: string): string | undefined {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  return crypto && `sha256:${crypto.createHash('sha256').update(text).digest('base64url')}`
}
