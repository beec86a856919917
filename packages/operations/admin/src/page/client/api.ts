/** Path of the page, with a final slash: resources are relative to it. */
const basePath = `${location.pathname.replace(/\/+$/, '')}/`

type Query = Readonly<Record<string, string | readonly string[]>>

let selectedCache: string | undefined

/** All later requests are for this cache. */
export function selectCache(name: string): void {
  selectedCache = name
}

/** URL of a resource of the selected cache. */
export function resourceUrl(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams(selectedCache === undefined ? [] : [['cache', selectedCache]])
  for (const [name, value] of Object.entries(query))
    for (const item of [value].flat()) parameters.append(name, item)
  return `${basePath}${path}?${parameters}`
}

/** @throws Error with the detail of a problem (RFC 9457). */
async function parseResponse<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { detail?: string }
  // A failing health check has status 503 and a body without `detail`; that is an answer, not an error.
  if (!response.ok && body.detail !== undefined) throw new Error(body.detail)
  return body
}

export async function getJson<T>(path: string, query?: Query): Promise<T> {
  return parseResponse<T>(await fetch(resourceUrl(path, query)))
}

export async function postJson<T>(path: string, body: unknown, query?: Query): Promise<T> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  return parseResponse<T>(await fetch(resourceUrl(path, query), request))
}

/** Why no events arrive. `no stream`: other requests are answered. */
export type Outage = 'no answer' | 'no access' | 'no stream'

/** Finds out why the live stream ended, by another request. A redirection and a page instead of figures are a login. */
export async function findOutage(): Promise<Outage> {
  try {
    const { ok, status, type, headers } = await fetch(resourceUrl('stats'), { redirect: 'manual' })
    if (type === 'opaqueredirect' || status === 401 || status === 403) return 'no access'
    if (!ok) return 'no answer'
    return headers.get('content-type')?.startsWith('application/json') ? 'no stream' : 'no access'
  } catch {
    return 'no answer'
  }
}
