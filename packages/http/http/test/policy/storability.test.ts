import { describe, expect, test } from 'vitest'
import type { Fields } from '../../src/fields/fields'
import { reasonNotStorable, type StorabilityContext } from '../../src/policy/storability'
import { parseTerms } from '../../src/policy/terms'

const ordinary: StorabilityContext = {
  scope: 'public',
  requestDirectives: new Map(),
  hasCredentials: false,
  isExplicitlyPublic: false,
  hasDeclaredFreshness: false,
  allowsSetCookie: false,
  allowsHeuristic: false,
}

function reasonFor(
  fields: Fields,
  context: Partial<StorabilityContext> = {},
  status = 200,
): string | undefined {
  const head = { status, fields }
  return reasonNotStorable(head, parseTerms(head, []), { ...ordinary, ...context })
}

const cacheControl = (value: string): Fields => [['cache-control', value]]

describe('a response is stored', () => {
  test('if it states its freshness or the application does', () => {
    expect(reasonFor(cacheControl('max-age=1'))).toBeUndefined()
    expect(reasonFor([])).toBe('no freshness')
    expect(reasonFor([], { hasDeclaredFreshness: true })).toBeUndefined()
  })

  test('if it is private, only on a private route', () => {
    expect(reasonFor(cacheControl('private, max-age=1'))).toBe('private')
    expect(reasonFor(cacheControl('private, max-age=1'), { scope: 'private' })).toBeUndefined()
    expect(reasonFor(cacheControl('private="x-name", max-age=1'))).toBeUndefined()
  })

  test('for a request with credentials, only if response or rule declare it public', () => {
    const withCredentials = { hasCredentials: true }
    expect(reasonFor(cacheControl('max-age=1'), withCredentials)).toBe('personal')
    expect(reasonFor(cacheControl('max-age=1'), { ...withCredentials, hasDeclaredFreshness: true })).toBe(
      'personal',
    )
    expect(
      reasonFor(cacheControl('max-age=1'), { ...withCredentials, isExplicitlyPublic: true }),
    ).toBeUndefined()
    for (const directive of ['public', 's-maxage=1', 'must-revalidate'])
      expect(reasonFor(cacheControl(`max-age=1, ${directive}`), withCredentials)).toBeUndefined()
  })

  test('with a cookie or a token for its client only if that field is excluded or the rule allows it', () => {
    for (const name of ['set-cookie', 'x-csrf-token', 'authorization', 'authentication-info']) {
      const credential: Fields = [[name, 'a=b']]
      const excluded = cacheControl(`max-age=1, private="${name}"`)
      expect(reasonFor([...cacheControl('max-age=1'), ...credential])).toBe('credential')
      expect(reasonFor([...excluded, ...credential])).toBeUndefined()
      expect(reasonFor(credential, { allowsSetCookie: true, hasDeclaredFreshness: true })).toBeUndefined()
    }
  })

  test.each([206, 304, 428, 429, 431, 511])('never with status %i, whatever it says', (status) => {
    expect(reasonFor(cacheControl('public, max-age=60'), {}, status)).toBe('status')
  })

  test('unless it is an event stream or has Vary: *', () => {
    expect(
      reasonFor([...cacheControl('max-age=1'), ['content-type', 'text/event-stream; charset=utf-8']]),
    ).toBe('event stream')
    expect(reasonFor([...cacheControl('max-age=1'), ['vary', 'a, *']])).toBe('vary *')
  })

  test('despite no-store if must-understand is present and its status is understood', () => {
    expect(reasonFor(cacheControl('no-store, must-understand, max-age=1'))).toBeUndefined()
    expect(reasonFor(cacheControl('no-store, max-age=1'))).toBe('no-store')
  })
})
