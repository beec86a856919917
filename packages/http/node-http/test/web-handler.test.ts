import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { webHandler } from '../src/index'

/** Sends a raw request to a server with a web handler that answers with the URL it saw. */
async function sendRaw(requestLine: string, ...fields: string[]): Promise<string> {
  const server = createServer(webHandler((request) => new Response(`saw ${request.url}`)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write([`${requestLine} HTTP/1.1`, ...fields, 'Connection: close', '', ''].join('\r\n'))
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  await once(socket, 'close')
  server.close()
  return received
}

describe('a request whose URL would have another path than guards in front of the handler see is refused:', () => {
  test.each([
    ['GET /health', 'Host: a/keys?'],
    ['GET /health', 'Host: a\\keys?'],
    ['GET /health', 'Host: a#'],
    ['GET /health', 'Host: user@a'],
    ['GET /health', 'Host: a b'],
    ['GET /health/../keys', 'Host: a'],
    ['GET /health/%2e%2e/keys', 'Host: a'],
    ['GET /health/..\\keys', 'Host: a'],
    ['GET http://a/keys', 'Host: a'],
    ['OPTIONS *', 'Host: a'],
  ])('%s with %s', async (requestLine, host) => {
    const errors = vi.spyOn(console, 'error')
    const received = await sendRaw(requestLine, host)
    expect(received).toMatch(/^HTTP\/1.1 400 /)
    expect(received).not.toContain('saw')
    expect(errors).not.toHaveBeenCalled()
    errors.mockRestore()
  })
})

test('TRACE, which no web-standard request can have, is refused with 405', async () => {
  expect(await sendRaw('TRACE /', 'Host: a')).toMatch(/^HTTP\/1.1 405 /)
})

test.each([
  ['a.example', '/keys/a%2Fb?x=%20&y=[]'],
  ['a.example:8080', '//x/'],
  ['[::1]:80', '/search(*'],
  ['10.0.0.7', '/keys/%C3%A4%2520'],
])('a request for the host %s and the target %s is handed on as it is', async (host, target) => {
  const received = await sendRaw(`GET ${target}`, `Host: ${host}`)
  expect(received).toContain(`saw ${new URL(`http://${host}${target}`).href}`)
})
