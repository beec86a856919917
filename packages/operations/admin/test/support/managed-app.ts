import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type AdminOptions, adminHandler } from '../../src/index'

export const origin = 'http://app.example'

/** A cache with an admin handler that grants write access to every request, unless the options say otherwise. */
export function createManagedApp(options: Partial<AdminOptions> = {}) {
  const cache: Cache = createCache({ name: 'shop', store: memoryStore(), ttl: '1h' })
  const handleRequest = adminHandler({ caches: cache, authorize: () => true, ...options })

  async function sendRequest(path: string, init: RequestInit = {}) {
    const response = await handleRequest(new Request(`${origin}/${path}`, init))
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
    handleRequest,
    get: (path: string, headers: Record<string, string> = {}) => sendRequest(path, { headers }),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      sendRequest(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
