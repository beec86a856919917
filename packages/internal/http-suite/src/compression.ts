import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Compression } from './application'
import type { StartFixture } from './fixture'

const text = 'Nobody compresses less than a kilobyte. '.repeat(100)

/** Inside, each coding is another variant. */
const runsOf = { outside: 1, inside: 2 }

/** Compression by the framework's own middleware, on either side of the cache. */
export function compressionPromises(start: StartFixture, places: readonly Compression[]): void {
  if (places.length === 0) return
  describe('with compression', () => {
    test.each(places)(
      '%s of the cache, clients get what they can read, and nothing is compressed twice',
      async (compression) => {
        await using app = await start({ compression, ttl: '1m' }, () => ({
          headers: { 'content-type': 'text/plain' },
          body: text,
        }))
        for (let round = 0; round < 3; round += 1) {
          const packed = await app.get('/a', { 'accept-encoding': 'gzip' })
          expect(packed.headers['content-encoding']).toBe('gzip')
          expect(gunzipSync(packed.bytes).toString()).toBe(text)
          const plain = await app.get('/a', { 'accept-encoding': 'identity' })
          expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, text])
        }
        expect(app.runs).toBe(runsOf[compression])
      },
    )
  })
}
