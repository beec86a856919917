import { createServer } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCache } from '@larder/core'
import { send } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import express from 'express'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'
import { listening } from './support/listening'

test('the cache can stand before one route, and before a router under a path', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const count: express.RequestHandler = (_req, res) => {
    runs += 1
    res.send(String(runs))
  }
  const jobs = express
    .Router()
    .use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
    .get('/:id', count)
  const app = express()
    .get('/prices', httpCache({ cache, ttl: '1m' }), count)
    .get('/other', count)
    .use('/jobs', jobs)
  await using server = await listening(createServer(app))
  const bodies = []
  for (const target of ['/prices', '/prices', '/jobs/1', '/jobs/1', '/jobs/2', '/other', '/other'])
    bodies.push((await send(server.port, target)).body)
  expect(bodies).toEqual(['1', '1', '2', '2', '3', '4', '5'])
})

test('a request that names no host, as in HTTP/1.0, is answered and cached like any other', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const app = express()
    .use(httpCache({ cache, ttl: '1m' }))
    .get('/', (_req, res) => {
      runs += 1
      res.send('hello')
    })
  await using server = await listening(createServer(app))
  for (let at = 0; at < 2; at += 1) {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*hello$/s)
  }
  expect(runs).toBe(1)
})
