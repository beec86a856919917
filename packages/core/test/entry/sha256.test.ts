import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../src/entry/sha256'

test('the hash of a text is SHA-256 of its code units, for every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const bigEndian = Buffer.from(text, 'utf16le').swap16()
      expect(sha256Hex(text)).toBe(createHash('sha256').update(bigEndian).digest('hex'))
    }),
  )
})
