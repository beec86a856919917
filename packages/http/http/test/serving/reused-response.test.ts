import { describe, expect, test } from 'vitest'
import { httpCache, serveWeb } from '../../src'
import { memoryCache } from '../support/memory-cache'

type Handle = (request: Request) => Response | Promise<Response>

/** A stored response that is stale, and a request that waits for the handler to confirm or replace it. */
async function waitingRequest(fields: Record<string, string> = {}) {
  let now = 0
  const responses = httpCache<undefined>({
    cache: memoryCache(),
    clock: { now: () => now },
    ttl: '1m',
    staleWhileRevalidate: '1h',
    staleIfError: '1h',
  })
  const send = async (method: string, next: Handle) => {
    const request = new Request('http://a/job', { method })
    const response = await serveWeb(responses, {
      request,
      source: undefined,
      exposeHints: () => undefined,
      next,
    })
    return response.text()
  }
  await send('GET', () => new Response('old', { headers: fields }))
  now += 120_000
  const respond: ((response: Response) => void)[] = []
  const waiting = send('GET', () => new Promise<Response>((resolve) => respond.push(resolve)))
  return { send, waiting, respond: (response: Response) => respond[0]?.(response) }
}

describe('a stored response that the handler does not replace', () => {
  test.each([
    ['fails', {}, new Response('down', { status: 503 })],
    ['confirms another one', { etag: '"1"' }, new Response(null, { status: 304, headers: { etag: '"2"' } })],
  ])(
    'is not shared with a request that came after its invalidation, if the handler %s',
    async (_, fields, response) => {
      const { send, waiting, respond } = await waitingRequest(fields)
      await send('POST', () => new Response('changed'))
      const later = send('GET', () => new Response('new'))
      respond(response)
      expect(await waiting).toBe('old')
      expect(await later).toBe('new')
    },
  )

  test('is shared with the requests that waited for the handler', async () => {
    const { send, waiting, respond } = await waitingRequest()
    const other = send('GET', () => new Response('new'))
    respond(new Response('down', { status: 503 }))
    expect([await waiting, await other]).toEqual(['old', 'old'])
  })
})
