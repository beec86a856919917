import type { Problem } from './problem'

/** For every response: it is not stored, its content type is not sniffed, and other sites cannot embed it. */
export const safeHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

export function jsonResponse(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...safeHeaders, 'content-type': 'application/json' },
  })
}

export function problemResponse({ status, title, detail }: Problem): Response {
  return new Response(JSON.stringify({ status, title, detail }), {
    status,
    headers: { ...safeHeaders, 'content-type': 'application/problem+json' },
  })
}
