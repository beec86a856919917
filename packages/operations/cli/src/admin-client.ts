import type { CommandContext } from './command'
import { CommandError, UsageError } from './errors'
import type { Options } from './options'

/** In ms. */
const timeout = 10_000

export const adminOption: Options = {
  admin: {
    type: 'string',
    placeholder: 'URL',
    description:
      'the admin API, such as https://app.example/larder; default: LARDER_ADMIN. LARDER_AUTHORIZATION is sent as the Authorization header',
  },
}

/** A request to the admin API. */
interface AdminRequest {
  /** The path of the resource. */
  readonly path: string
  /** The body of a `POST`; without one it is a `GET`. */
  readonly body?: object
  /** A field that every answer of the resource has, and one of another service lacks. */
  readonly field?: string
}

/**
 * Reads the resource of the admin API that has this path, and a field of the same name in its body.
 * @throws UsageError without its address; CommandError if it does not answer, or refuses.
 */
export function readAdminResource<T>(context: CommandContext, path: keyof T & string): Promise<T> {
  return askAdmin(context, { path, field: path })
}

/** Sends a request. @throws UsageError without an address; CommandError if the admin API does not answer, or refuses. */
export async function askAdmin<T>(context: CommandContext, { path, body, field }: AdminRequest): Promise<T> {
  const { args, environment, name } = context
  const address = parseAddress(args.getText('admin') ?? environment.LARDER_ADMIN)
  const url = new URL(`${address.pathname.replace(/\/*$/, '/')}${path}`, address.origin)
  if (name !== '') url.searchParams.set('cache', name)
  const authorization = environment.LARDER_AUTHORIZATION ?? loginOf(address)
  const headers = { accept: 'application/json', ...(authorization && { authorization }) }
  try {
    const response = await fetch(url, {
      ...describeBody(headers, body),
      signal: AbortSignal.timeout(timeout),
    })
    return readBody<T>(response, await response.text(), { host: address.host, field })
  } catch (error) {
    if (error instanceof CommandError) throw error
    const action = body === undefined ? 'read' : 'start'
    throw new CommandError(
      `Cannot ${action} ${path} of the admin API at ${address.host}: ${describeError(error)}`,
    )
  }
}

function describeBody(headers: Readonly<Record<string, string>>, body: object | undefined): RequestInit {
  if (body === undefined) return { headers }
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** The body of a success. @throws CommandError with the reason of a refusal, or for the page of a proxy or of another service. */
function readBody<T>(
  { ok, status, headers }: Response,
  text: string,
  { host, field }: { readonly host: string; readonly field: string | undefined },
): T {
  const body = parseObject(text)
  if (ok && body !== undefined && (field === undefined || body[field] !== undefined)) return body as T
  const reason = typeof body?.detail === 'string' ? body.detail : 'no reason given'
  if (!ok) throw new CommandError(`${host} answered ${status}: ${reason}`)
  const type = headers.get('content-type') ?? 'no content type'
  const found = body === undefined ? `with ${type}, not with JSON` : `without "${field}"`
  throw new CommandError(`${host} answered ${found}. --admin must be the address of the admin API.`)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function parseAddress(text: string | undefined): URL {
  if (!text)
    throw new UsageError('No admin API given. Write: --admin https://app.example/larder, or set LARDER_ADMIN')
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text)
  throw new UsageError('The admin API must be a URL. Write: --admin https://app.example/larder')
}

/** `fetch` refuses URLs with a login, and its message shows the password. */
function loginOf({ username, password }: URL): string | undefined {
  if (username === '') return undefined
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(login).toString('base64')}`
}

/** The cause of `fetch failed`, such as a refused connection. */
function describeError(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message
}
