/** The address of the page without what comes after it: resources are below it. */
const base = `${location.pathname.replace(/\/+$/, '')}/`

let cache: string | undefined

/** From now on, everything is about the cache of this name. */
export function choose(name: string): void {
  cache = name
}

export function address(
  path: string,
  query: Readonly<Record<string, string | readonly string[]>> = {},
): string {
  const parameters = new URLSearchParams(cache === undefined ? [] : [['cache', cache]])
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) parameters.append(name, one)
  return `${base}${path}?${parameters}`
}

async function read<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { detail?: string }
  // Health answers 503 and says why; every other failure is a problem with a detail.
  if (!response.ok && body.detail !== undefined) throw new Error(body.detail)
  return body
}

export async function get<T>(
  path: string,
  query?: Readonly<Record<string, string | readonly string[]>>,
): Promise<T> {
  return read<T>(await fetch(address(path, query)))
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  return read<T>(await fetch(address(path), request))
}
