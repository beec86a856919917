// needs: redis
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import express from 'express'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('httpCache works on one route, and on a router mounted at a path', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const countRuns: express.RequestHandler = (_req, res) => {
    runs += 1
    res.send(String(runs))
  }
  const jobs = express
    .Router()
    .use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
    .get('/:id', countRuns)
  const app = express()
    .get('/prices', httpCache({ cache, ttl: '1m' }), countRuns)
    .get('/other', countRuns)
    .use('/jobs', jobs)
  await using server = await startServer(createServer(app))
  const bodies = []
  for (const target of ['/prices', '/prices', '/jobs/1', '/jobs/1', '/jobs/2', '/other', '/other'])
    bodies.push((await sendRequest(server.port, target)).body)
  expect(bodies).toEqual(['1', '1', '2', '2', '3', '4', '5'])
})

test('a request without Host, as HTTP/1.0 allows, is answered and cached', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const app = express()
    .use(httpCache({ cache, ttl: '1m' }))
    .get('/', (_req, res) => {
      runs += 1
      res.send('hello')
    })
  await using server = await startServer(createServer(app))
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*hello$/s)
  }
  expect(runs).toBe(1)
})
