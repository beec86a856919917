import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, HttpCache } from '@larder/http'
import { sendRequest } from '@larder/http-suite'
import { expect, test } from 'vitest'
import { serveNode } from '../src/index'

test('an answer from the store is discarded if the application has answered in the meantime', async () => {
  let send: (answer: Answer) => void = () => undefined
  const answered = new Promise<Answer>((resolve) => {
    send = resolve
  })
  const cache: HttpCache = {
    findBypass: () => undefined,
    handle: () => answered,
    invalidateUser: () => Promise.reject(new Error('not called')),
    close: () => undefined,
  }
  const server = createServer((req, res) => {
    serveNode(cache, {
      req,
      res,
      source: req,
      scheme: 'http',
      host: '',
      target: '/',
      exposeHints: () => undefined,
      next: () => undefined,
      detachFramework: () => undefined,
    })
    res.writeHead(503).end('deadline')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { status } = await sendRequest((server.address() as AddressInfo).port, '/')
  expect(status).toBe(503)
  send({ from: 'store', status: 200, fields: {}, body: undefined })
  // An exception here would end the process as an unhandled rejection, which fails the test run.
  await answered
  await new Promise((resolve) => server.close(resolve))
})
