import { createServer, type ServerResponse } from 'node:http'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import { startServer } from '@larder/servers'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('a handler may make its change after the head of its response: nothing read in between is served afterwards', async () => {
  let text = 'old'
  let response: ServerResponse | undefined
  const responses = httpCache({ cache: createCache({ name: 'test', store: memoryStore() }), ttl: '1m' })
  await using server = await startServer(
    createServer((req, res) =>
      responses(req, res, () => {
        if (req.method === 'GET') return void res.end(text)
        response = res
        res.writeHead(200).write('working')
      }),
    ),
  )
  const changed = sendRequest(server.port, '/page', { method: 'PUT' })
  await expect.poll(() => response?.headersSent).toBe(true)
  expect((await sendRequest(server.port, '/page')).body).toBe('old')
  text = 'new'
  response?.end()
  await changed
  expect((await sendRequest(server.port, '/page')).body).toBe('new')
})
