import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Compression } from './application'
import type { StartFixture } from './fixture'

/** Longer than a kilobyte, below which the middlewares do not compress. */
const text = 'This text is repeated until it is worth compressing. '.repeat(100)

/** Behind the cache, each content coding is a variant with its own run of the handler. */
const expectedRuns = { outside: 1, inside: 2 }

/** The framework's compression middleware on either side of the cache. */
export function describeCompression(start: StartFixture, places: readonly Compression[]): void {
  if (places.length === 0) return
  describe('with compression', () => {
    test.each(places)(
      '%s of the cache, clients get a content coding that they accept, compressed only once',
      async (compression) => {
        await using app = await start({ compression, ttl: '1m' }, () => ({
          headers: { 'content-type': 'text/plain' },
          body: text,
        }))
        for (let round = 0; round < 3; round += 1) {
          const compressed = await app.get('/a', { 'accept-encoding': 'gzip' })
          expect(compressed.headers['content-encoding']).toBe('gzip')
          expect(gunzipSync(compressed.bytes).toString()).toBe(text)
          const plain = await app.get('/a', { 'accept-encoding': 'identity' })
          expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, text])
        }
        expect(app.runs).toBe(expectedRuns[compression])
      },
    )
  })
}
