import { deepStrictEqual, ok } from 'node:assert/strict'
import { seededRandom } from '../clock/seeded-random'
import type { AppHandler, Application } from './application'
import { sendRaw } from './client'
import type { HttpCheck } from './http-check'
import { createRequestFuzzer, formatRequest } from './request-fuzzer'

/** The size of an echo test. */
export interface EchoOptions {
  /** The seed of the random requests. */
  readonly seed: number
  /** How many pairs of similar requests are sent. */
  readonly pairs: number
}

/** Rules of each kind: private, with a list of parameters, with a key of its own, for everybody, and excluded. */
const options: Omit<Application['options'], 'cache'> = {
  ttl: '1m',
  credentials: ['x-api-key'],
  routes: {
    '/me/*': { scope: 'private' },
    '/konto/über': { scope: 'private' },
    '/list/:id': { query: ['page'] },
    '/key/:id': { key: ({ params, query }) => `${params.id} ${query.get('page')}` },
    '/open/*': { scope: 'public' },
    '/live/*': false,
  },
}

/** Returns what it saw, but for what a rule says does not matter. */
const echo: AppHandler = ({ method, target, query, header }) => {
  const [path = ''] = target.split('?', 1)
  const page = JSON.stringify(query.page)
  const isListed = path.startsWith('/list/') || path.startsWith('/key/')
  const seen = {
    method,
    // Spellings of one host, which share responses.
    host: header('host')?.toLowerCase().replace(/:80$/, '').replace(/\.$/, ''),
    target: isListed ? [path, page] : [target, query],
    user: path.startsWith('/open/') ? undefined : [header('x-user'), header('x-api-key')],
    forwarded: [header('x-forwarded-host'), header('x-original-url')],
    body: [header('content-length'), header('transfer-encoding')],
  }
  return { headers: { 'content-type': 'text/plain' }, body: JSON.stringify(seen) }
}

/**
 * Compares an application with and without a cache by raw requests that differ in little from each other. A stored answer
 * that differs from a fresh one was stored for a request that the handler tells apart.
 */
export const echoCheck = ({ seed, pairs }: EchoOptions): HttpCheck => ({
  guarantee: `no stored answer differs from a fresh one, in ${pairs} pairs of similar requests (seed ${seed})`,
  async verify(start) {
    await using cached = await start(options, echo)
    await using plain = await start({ routes: { '/*': false } }, echo)
    const fuzzer = createRequestFuzzer(seededRandom(seed))
    for (let pair = 0; pair < pairs; pair += 1) {
      const first = fuzzer.makeRequest()
      for (const request of [first, fuzzer.changeRequest(first)]) {
        const text = formatRequest(request)
        const [answer, fresh] = await Promise.all([sendRaw(cached.port, text), sendRaw(plain.port, text)])
        deepStrictEqual({ text, ...contentOf(answer) }, { text, ...contentOf(fresh) })
      }
    }
    ok((cached.cache.stats().hits.memory ?? 0) > 0, 'Some requests are hits.')
  },
})

/** The status and the body of a raw response. Bodies of refusals are the server's. */
function contentOf(response: string): { status: string; body: string } {
  const status = response.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)
  const body = response.slice(response.indexOf('\r\n\r\n'))
  return { status, body: status === '200' ? body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1) : '' }
}
