import { PartBudget } from './part-budget'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openingBrackets = [0x5b, 0x7b]
const closingBrackets = [0x5d, 0x7d]

/**
 * Counts the parts of JSON without creating a value. It is not checked otherwise: `JSON.parse` does that.
 * @throws LarderError for too many parts, or for objects in too many others.
 */
export function checkJson(bytes: Uint8Array): void {
  const budget = new PartBudget()
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === quote) at = endOfText(bytes, at)
    else if (byte === comma) budget.addParts(1)
    else if (openingBrackets.includes(byte)) {
      budget.addObject()
      budget.enter()
    } else if (closingBrackets.includes(byte)) budget.leave()
  }
}

/** The position of the quote that ends a text. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === backslash) at += 1
    else if (bytes[at] === quote) return at
  }
  return bytes.length
}
