import { createServer, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** Requests a response that is too large to be stored, and returns the fields that the cache has added each time. */
async function requestThrice(respond: (res: ServerResponse) => void): Promise<(string | undefined)[][]> {
  const cache = createCache({ name: 'test', store: memoryStore() })
  const responses = httpCache({ cache, ttl: '1m', maxBodySize: 10 })
  await using server = await startServer(createServer((req, res) => responses(req, res, () => respond(res))))
  const received = []
  for (const request of ['first', 'second', 'third']) {
    const { headers, body } = await sendRequest(server.port, '/page')
    expect([request, body.length]).toEqual([request, 20])
    received.push([headers['cache-status'] as string | undefined, headers.etag])
  }
  return received
}

const untouched = [undefined, undefined]

test('a body that is too large is neither hashed nor said to be stored, if its size is known with its head', async () => {
  expect(await requestThrice((res) => res.end('x'.repeat(20)))).toEqual([untouched, untouched, untouched])
  const withLength = (res: ServerResponse) => {
    res.setHeader('content-length', 20)
    Readable.from(['x'.repeat(20)]).pipe(res)
  }
  expect(await requestThrice(withLength)).toEqual([untouched, untouched, untouched])
})

test('a stream that turned out to be too large is not copied again by the next requests', async () => {
  const received = await requestThrice((res) => void Readable.from(['x'.repeat(20)]).pipe(res))
  expect(received).toEqual([['larder; fwd=miss; stored', undefined], untouched, untouched])
})
