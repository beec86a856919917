import { Agent, type IncomingMessage, request } from 'node:http'
import type { Guide } from '../guide/guide'

/** The guide as its clients see it: the same functions, over the wire. */
export function guideOverHttp(port: number, connections: number): Guide {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' }
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) =>
        read<T>(response).then(resolve, reject),
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

async function read<T>(response: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  if ((response.statusCode ?? 500) >= 400) throw new Error(`${response.statusCode}: ${text}`)
  return JSON.parse(text) as T
}
