import { createServer, type ServerResponse } from 'node:http'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** Ends a response later, and lets through what is written until then, as sessions do that are saved first. */
function endLater(res: ServerResponse): void {
  const { write, end } = res
  res.end = ((chunk: string) => {
    write.call(res, chunk, 'utf8')
    setImmediate(() => Reflect.apply(end, res, []))
    return res
  }) as typeof res.end
}

/** The bodies of two responses, and whether the second is a hit. */
async function requestTwice(respond: (res: ServerResponse) => unknown) {
  const responses = httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' })
  await using server = await startServer(
    createServer((req, res) => {
      endLater(res)
      responses(req, res, () => respond(res))
    }),
  )
  const first = await sendRequest(server.port, '/page')
  const second = await sendRequest(server.port, '/page')
  const isHit = String(second.headers['cache-status']).includes('; hit')
  return { bodies: [first.body, second.body], isHit }
}

describe('a response that its handler goes on writing after its end is not stored, where a layer lets that reach the client:', () => {
  test.each<[string, (res: ServerResponse) => unknown]>([
    [
      'at once',
      (res) => {
        res.end('text')
        res.write(' late')
      },
    ],
    [
      'when the handler has returned',
      async (res) => {
        res.end('text')
        for (let turn = 0; turn < 3; turn += 1) await undefined
        res.write(' late')
      },
    ],
  ])('%s', async (_moment, respond) => {
    expect(await requestTwice(respond)).toEqual({ bodies: ['text late', 'text late'], isHit: false })
  })
})

test('a response that a layer ends later is stored', async () => {
  expect(await requestTwice((res) => res.end('text'))).toEqual({ bodies: ['text', 'text'], isHit: true })
})
