import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lz4 } from '../src/index'

const compressor = lz4()

describe('lz4', () => {
  test('decompresses to the original bytes, for any input', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const decompressed = await compressor.decompress(await compressor.compress(bytes), bytes.length)
        expect(Buffer.from(decompressed).equals(bytes)).toBe(true)
      }),
    )
  })

  test('compresses repetitive text to less than 3 % of its size', async () => {
    const text = new TextEncoder().encode('larder '.repeat(1_000))
    expect((await compressor.compress(text)).length).toBeLessThan(200)
  })

  test('decompresses large payloads asynchronously to the original size', async () => {
    const large = new Uint8Array(1_000_000).fill(7)
    const decompressed = await compressor.decompress(await compressor.compress(large), large.length)
    expect(decompressed.length).toBe(large.length)
  })

  test('rejects a payload that declares another size than the entry, or more than its block can hold', async () => {
    const bomb = await compressor.compress(new Uint8Array(10_000_000))
    await expect(async () => compressor.decompress(bomb, 1_000)).rejects.toMatchObject({ code: 'BAD_ENTRY' })
    const forged = Uint8Array.from(bomb.subarray(0, 20))
    await expect(async () => compressor.decompress(forged, 10_000_000)).rejects.toMatchObject({
      code: 'BAD_ENTRY',
    })
  })

  test('rejects damaged input, or decompresses it to exactly the declared size', async () => {
    const valid = await compressor.compress(new TextEncoder().encode('larder '.repeat(100)))
    const damaged = fc
      .tuple(fc.nat(valid.length - 1), fc.nat(255))
      .map(([position, byte]) => Uint8Array.from(valid, (old, index) => (index === position ? byte : old)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), async (bytes) => {
        const outcome = await Promise.resolve()
          .then(() => compressor.decompress(bytes, 700))
          .catch(() => undefined)
        expect(outcome === undefined || outcome.length === 700).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
