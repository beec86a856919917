import { describe, expect, test, vi } from 'vitest'
import { LarderError } from '../src/errors'

async function loadSecondCopy(): Promise<typeof LarderError> {
  vi.resetModules()
  const copy = await import('../src/errors')
  expect(copy.LarderError).not.toBe(LarderError)
  return copy.LarderError
}

describe('instanceof LarderError', () => {
  test('holds for an error of another copy of the package', async () => {
    const OtherError = await loadSecondCopy()
    expect(new OtherError('BAD_KEY', 'no key')).toBeInstanceOf(LarderError)
    expect(new LarderError('BAD_KEY', 'no key')).toBeInstanceOf(OtherError)
  })

  test('does not hold for other values', () => {
    for (const value of [new Error('other'), { name: 'LarderError' }, null, undefined, 'LarderError'])
      expect(value instanceof LarderError).toBe(false)
  })

  test('distinguishes subclasses from their base class', () => {
    class ShopError extends LarderError {}
    expect(new LarderError('BAD_KEY', 'no key')).not.toBeInstanceOf(ShopError)
    expect(new ShopError('BAD_KEY', 'no key')).toBeInstanceOf(ShopError)
    expect(new ShopError('BAD_KEY', 'no key')).toBeInstanceOf(LarderError)
  })
})

test('the mark of an error is neither printed nor serialized', () => {
  const error = new LarderError('BAD_KEY', 'no key')
  expect(Object.keys(error)).toEqual(['name', 'code', 'key'])
  expect(JSON.parse(JSON.stringify(error))).toEqual({ name: 'LarderError', code: 'BAD_KEY' })
})
