import { Agent, type IncomingMessage, request } from 'node:http'
import type { Guide } from '../guide/guide'

/**
 * The guide as its clients see it: the same functions, over the wire. `onHit` is called with the duration of each response
 * that came from the cache, in ms.
 */
export function guideOverHttp(port: number, connections: number, onHit: (duration: number) => void): Guide {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' }
      const startedAt = performance.now()
      const outgoing = request(
        { host: '127.0.0.1', port, path, method, headers, agent },
        async (response) => {
          const body = readBody<T>(response)
          await body.then(resolve, reject)
          if (isHit(response)) onHit(performance.now() - startedAt)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  return {
    city: (id) => ask('GET', `/cities/${id}`),
    region: (code) => ask('GET', `/regions/${code}`),
    country: (code) => ask('GET', `/countries/${code}`),
    vote: (id, stars) => ask('POST', `/cities/${id}/votes`, { stars }),
  }
}

function isHit({ headers }: IncomingMessage): boolean {
  return String(headers['cache-status']).includes('; hit')
}

async function readBody<T>(response: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  if ((response.statusCode ?? 500) >= 400) throw new Error(`${response.statusCode}: ${text}`)
  return JSON.parse(text) as T
}
