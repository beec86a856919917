import fc from 'fast-check'
import { expect, test } from 'vitest'
import { portableSha256Hex, sha256Hex } from '../../src/entry/sha256'

test('the hash of a text is the same with and without node:crypto', () => {
  expect(portableSha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { maxLength: 70 }), (units) => {
      const text = String.fromCharCode(...units)
      expect(portableSha256Hex(text)).toBe(sha256Hex(text))
    }),
    { numRuns: 20 },
  )
})
