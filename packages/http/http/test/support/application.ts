import { type HttpCache, type HttpCacheOptions, httpCache, type ResponseHints, serveWeb } from '../../src'
import { memoryCache } from './memory-cache'

/** The source of a request. */
export interface Client {
  readonly user?: unknown
}

type ApplicationOptions = Omit<HttpCacheOptions<Client>, 'cache' | 'user'> & {
  readonly user?: unknown
  /** Runs in each handler, before its response. */
  readonly onRun?: ((larder: ResponseHints) => void) | undefined
}

/** A response cache, with a `ttl` of a minute, in front of a handler that answers with the number of its run. */
export function createApplication({ onRun, ...options }: ApplicationOptions = {}) {
  const cache = memoryCache()
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  const responses: HttpCache<Client> = httpCache<Client>({
    cache,
    ttl: '1m',
    ...options,
  } as HttpCacheOptions<Client>)
  let runs = 0

  /** Resolves with the response that the client gets. */
  async function fetch(
    target: string,
    { source = {}, method = 'GET', headers = {} }: RequestInit & { readonly source?: Client } = {},
  ): Promise<Response> {
    let larder: ResponseHints | undefined
    return serveWeb(responses, {
      request: new Request(`http://a${target}`, { method, headers }),
      source,
      exposeHints(hints) {
        larder = hints
      },
      next() {
        runs += 1
        if (larder !== undefined) onRun?.(larder)
        return new Response(`run ${runs}`)
      },
    })
  }

  /** Resolves with the status and the body that the client gets. */
  async function send(target: string, source: Client = {}, method = 'GET', headers = {}): Promise<string> {
    const response = await fetch(target, { source, method, headers })
    return `${response.status} ${await response.text()}`
  }

  return { cache, responses, warnings, fetch, send }
}
