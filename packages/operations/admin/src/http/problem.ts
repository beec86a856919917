/** What a request is refused with (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail)
  }
}

export function problemResponse({ status, title, detail }: Problem): Response {
  return new Response(JSON.stringify({ status, title, detail }), {
    status,
    headers: { ...safeHeaders, 'content-type': 'application/problem+json' },
  })
}

/** Nothing that is told here is kept, guessed at or shown in a frame. */
export const safeHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...safeHeaders, 'content-type': 'application/json' },
  })
}
