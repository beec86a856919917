import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import type { Compression } from './application'
import type { HttpCheck } from './http-check'

/** Longer than a kilobyte, below which the middlewares do not compress. */
const text = 'This text is repeated until it is worth compressing. '.repeat(100)

/** Behind the cache, each content coding is a variant with its own run of the handler. */
const expectedRuns = { outside: 1, inside: 2 }

/** The framework's compression middleware on either side of the cache. */
export const compressionChecks = (places: readonly Compression[]) =>
  places.map(
    (compression): HttpCheck => ({
      guarantee: `with compression ${compression} of the cache, clients get a content coding that they accept, compressed only once`,
      async verify(start) {
        await using app = await start({ compression, ttl: '1m' }, () => ({
          headers: { 'content-type': 'text/plain' },
          body: text,
        }))
        for (let round = 0; round < 3; round += 1) {
          const compressed = await app.get('/a', { 'accept-encoding': 'gzip' })
          strictEqual(compressed.headers['content-encoding'], 'gzip')
          strictEqual(gunzipSync(compressed.bytes).toString(), text)
          const plain = await app.get('/a', { 'accept-encoding': 'identity' })
          deepStrictEqual([plain.headers['content-encoding'], plain.body], [undefined, text])
        }
        strictEqual(app.runs, expectedRuns[compression])
      },
    }),
  )
