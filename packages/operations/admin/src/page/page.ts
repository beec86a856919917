import { homepage, version } from '../../package.json'
import { safeHeaders } from '../http/responses'
import script from './client/main.ts?script'
import { markup } from './markup'
import { style } from './style'

/** In Larder's repository, whose address the manifest of every package holds. */
const defaultRunbook = homepage.replace('#readme', '/blob/main/docs/operate/runbook.md')

/**
 * The dashboard: one self-contained document. Its content security policy allows its own script and style by their
 * hashes, and connections to its own origin.
 */
export async function pageResponse(runbook = defaultRunbook): Promise<Response> {
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
    markup
      .replace('/*runbook*/', () => escapeAttribute(runbook))
      .replace('/*version*/', () => version)
      .replace('/*style*/', () => style)
      .replace('/*script*/', () => script),
    {
      headers: {
        ...safeHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy.join('; '),
      },
    },
  )
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** The hash by which a content security policy allows an inline script or style. */
async function hashOf(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
}
