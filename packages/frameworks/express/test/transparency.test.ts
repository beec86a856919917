import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createCache } from '@larder/core'
import { sendRequest, setCookieAtHead } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import compression from 'compression'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { httpCache } from '../src/index'

const createMemoryCache = () => createCache({ name: 'test', store: memoryStore() })

describe('with compression in front of the cache', () => {
  test.each([
    ['without a rule', {}],
    ['with a ttl', { ttl: '1m' }],
  ] as const)('%s, whatever a handler pipes or writes reaches clients', async (_, options) => {
    const folder = await mkdtemp(join(tmpdir(), 'larder-http-'))
    await writeFile(join(folder, 'a.txt'), 'hello '.repeat(1_000))
    const app = express()
      .use(compression())
      .use(httpCache({ cache: createMemoryCache(), ...options }))
      .get('/file', (_req, res) => res.sendFile(join(folder, 'a.txt')))
      .get('/pipe', (_req, res) => {
        res.type('text')
        Readable.from(['a'.repeat(2_000), 'b'.repeat(2_000)]).pipe(res)
      })
      .get('/callback', (_req, res) => {
        res.type('text')
        res.write('a', () => res.end('b'))
      })
      .use(express.static(folder))
    await using server = await startServer(createServer(app))
    const requests = ['/file', '/pipe', '/a.txt'].flatMap((target) => [
      [target, 'gzip'],
      [target, 'identity'],
    ])
    // With gzip, compression never calls the callback, with or without the cache.
    for (const [target = '', coding = ''] of [...requests, ['/callback', 'identity']]) {
      const headers = { 'accept-encoding': coding }
      const { status, isWhole } = await sendRequest(server.port, target, { headers })
      expect([target, status, isWhole]).toEqual([target, 200, true])
    }
  })
})

test('compression behind the cache: a file that is revalidated is sent only to clients that accept its coding', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'larder-http-'))
  const text = 'hello '.repeat(1_000)
  await writeFile(join(folder, 'a.txt'), text)
  const app = express()
    .use(httpCache({ cache: createMemoryCache(), ttl: '1m' }))
    .use((_req, res, next) => {
      res.vary('Origin')
      next()
    })
    .use(compression(), express.static(folder))
  await using server = await startServer(createServer(app))
  for (const coding of ['gzip', 'gzip', 'identity']) {
    const { headers, body } = await sendRequest(server.port, '/a.txt', {
      headers: { 'accept-encoding': coding },
    })
    expect(headers['content-encoding'] ?? 'identity').toBe(coding)
    expect(body === text).toBe(coding === 'identity')
  }
})

describe('a layer that sets a cookie at the head', () => {
  test('in front of the cache keeps the response out of the store', async () => {
    let runs = 0
    const app = express()
      .use(setCookieAtHead)
      .use(httpCache({ cache: createMemoryCache(), ttl: '1m' }))
      .use((_req, res) => {
        runs += 1
        res.send('page')
      })
    await using server = await startServer(createServer(app))
    for (let request = 0; request < 2; request += 1) {
      const { headers } = await sendRequest(server.port, '/')
      expect(headers['set-cookie']).toEqual(['session=1'])
      expect(headers).not.toHaveProperty('cache-status')
    }
    expect(runs).toBe(2)
  })

  test('behind the cache sets it, whether the handler writes a head, a chunk or an end', async () => {
    const app = express()
      .use(httpCache({ cache: createMemoryCache() }))
      .use(setCookieAtHead)
      .post('/login', (_req, res) => void res.send('welcome'))
      .get('/end', (_req, res) => void res.end('page'))
      .get('/write', (_req, res) => {
        res.write('a')
        res.end('b')
      })
    await using server = await startServer(createServer(app))
    for (const [method, target] of [
      ['POST', '/login'],
      ['GET', '/end'],
      ['GET', '/write'],
    ] as const) {
      const { headers } = await sendRequest(server.port, target, { method })
      expect([target, headers['set-cookie']]).toEqual([target, ['session=1']])
    }
  })
})

test('fields of another request are neither stored nor replayed', async () => {
  let requests = 0
  const app = express()
    .use((_req, res, next) => {
      requests += 1
      res.set('x-request-id', `r${requests}`)
      next()
    })
    .use(httpCache({ cache: createMemoryCache(), ttl: '1m' }))
    .use((_req, res) => {
      res.removeHeader('x-powered-by')
      res.send('page')
    })
  await using server = await startServer(createServer(app))
  for (const id of ['r1', 'r2', 'r3']) {
    const { headers } = await sendRequest(server.port, '/')
    expect(headers['x-request-id']).toBe(id)
    expect(headers).not.toHaveProperty('x-powered-by')
  }
})

test('a hit is sent with the Vary and the Cache-Control that layers in front of the cache have set for it', async () => {
  const app = express()
    .use((req, res, next) => {
      if (req.headers.origin !== undefined) res.vary('Origin')
      if (req.query.preview !== undefined) res.set('cache-control', 'private, no-store')
      next()
    })
    .use(httpCache({ cache: createMemoryCache(), ttl: '1m', query: [] }))
    .use((_req, res) => void res.vary('Accept').send('page'))
  await using server = await startServer(createServer(app))
  const send = async (target: string, headers: Record<string, string> = {}) => {
    const received = await sendRequest(server.port, target, { headers })
    return [received.headers.vary, received.headers['cache-control']]
  }
  expect(await send('/')).toEqual(['Accept', 'no-cache'])
  expect(await send('/', { origin: 'http://a' })).toEqual(['Origin, Accept', 'no-cache'])
  expect(await send('/?preview')).toEqual(['Accept', 'private, no-store'])
})

test('the Cache-Control that a layer in front of the cache has set for one request is sent to no other', async () => {
  const app = express()
    .use((req, res, next) => {
      if (req.query.terms !== undefined) res.set('cache-control', String(req.query.terms))
      next()
    })
    .use(httpCache({ cache: createMemoryCache(), ttl: '1m', query: [] }))
    .use((_req, res) => void res.send('page'))
  await using server = await startServer(createServer(app))
  const send = async (terms: string) => {
    const query = terms === '' ? '' : `?terms=${encodeURIComponent(terms)}`
    const { headers } = await sendRequest(server.port, `/${query}`)
    return [String(headers['cache-status']).includes('; hit'), headers['cache-control']]
  }
  expect(await send('public, max-age=30')).toEqual([false, 'public, max-age=30'])
  expect(await send('private, no-store')).toEqual([true, 'private, no-store'])
  expect(await send('')).toEqual([true, 'no-cache'])
})
