import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type AdminOptions, adminHandler } from '../../src/index'

export const origin = 'http://app.example'

/** A cache and an admin handler that lets everybody do everything, unless told otherwise. */
export function operated(options: Partial<AdminOptions> = {}) {
  const cache: Cache = createCache({ name: 'shop', store: memoryStore(), ttl: '1h' })
  const handle = adminHandler({ caches: cache, authorize: () => true, ...options })

  async function ask(path: string, init: RequestInit = {}) {
    const response = await handle(new Request(`${origin}/${path}`, init))
    const type = response.headers.get('content-type') ?? ''
    return {
      status: response.status,
      headers: response.headers,
      type,
      body: type.includes('json') ? await response.json() : undefined,
    }
  }

  return {
    cache,
    handle,
    get: (path: string, headers: Record<string, string> = {}) => ask(path, { headers }),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
