import { createServer, type IncomingMessage } from 'node:http'
import { createCache } from '@larder/core'
import type { RouteRule } from '@larder/http'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

/** Makes the socket of a request answer as one of `node:tls` does whose client has a certificate, or none. */
function setCertificate({ socket, headers }: IncomingMessage): void {
  const name = headers['x-certificate']
  Object.assign(socket, { getPeerCertificate: () => (name === undefined ? {} : { subject: { CN: name } }) })
}

/** The bodies of two responses to each client in turn. A handler answers who asks, by the certificate alone. */
async function requestAs(names: readonly string[], rule: RouteRule): Promise<string[]> {
  const responses = httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ...rule })
  await using server = await startServer(
    createServer((req, res) => {
      setCertificate(req)
      responses(req, res, () => res.end(`account of ${req.headers['x-certificate']}`))
    }),
  )
  const bodies: string[] = []
  for (const name of names) {
    const headers = name === '' ? {} : { 'x-certificate': name }
    bodies.push((await sendRequest(server.port, '/account', { headers })).body)
  }
  return bodies
}

describe('a client that has identified itself by a TLS certificate', () => {
  test('gets its own response, and leaves none to others', async () => {
    expect(await requestAs(['ada', 'bob', '', 'ada'], { ttl: '1m' })).toEqual([
      'account of ada',
      'account of bob',
      'account of undefined',
      'account of ada',
    ])
  })

  test('shares the responses of a public route', async () => {
    expect(await requestAs(['ada', 'bob'], { ttl: '1m', scope: 'public' })).toEqual([
      'account of ada',
      'account of ada',
    ])
  })
})
