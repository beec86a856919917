import { safeHeaders } from '../http/problem'
import script from './client/main.ts?script'
import { markup } from './markup'
import { style } from './style'

/** The dashboard: one document that needs nothing from anywhere else, and whose policy lets nothing else in. */
export async function pageResponse(): Promise<Response> {
  const [scriptHash, styleHash] = await Promise.all([hashOf(script), hashOf(style)])
  const policy = [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ]
  return new Response(
    markup.replace('/*style*/', () => style).replace('/*script*/', () => script),
    {
      headers: {
        ...safeHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy.join('; '),
      },
    },
  )
}

/** What a policy names an inline script or style by. */
async function hashOf(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
}
