import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RuleRequest } from '../../src'
import { resolveRule } from '../../src/routes/rule'
import { normalisedHost, pathOf, primaryKey, tagOfTarget, variantKey } from '../../src/storage/key'

interface Asked {
  readonly origin?: string
  readonly target?: string
  readonly user?: string | undefined
  readonly headers?: Record<string, string>
  readonly parameters?: readonly string[]
}

function keyFor({ origin = 'http://a', target = '/', user, headers = {}, parameters }: Asked): string {
  const query = new URLSearchParams(target.slice(pathOf(target).length))
  const request = { target, query, headers: new Headers(headers) } as unknown as RuleRequest
  return primaryKey(request, resolveRule('/*', parameters ? { query: parameters } : {}, {}), origin, user)
}

const awkward = fc.string({ unit: fc.constantFrom(...'a1/?&="[],\\: '), maxLength: 12 })

describe('a key', () => {
  test('is another for another origin, target or user, whatever characters they are made of', () => {
    const asked = fc.record({
      origin: awkward,
      target: awkward.map((text) => `/${text}`),
      user: fc.option(awkward, { nil: undefined }),
    })
    fc.assert(
      fc.property(asked, asked, (a, b) => {
        const isSame = a.origin === b.origin && a.target === b.target && a.user === b.user
        expect(keyFor(a) === keyFor(b)).toBe(isSame)
      }),
    )
  })

  test('of a variant is another for other values, whatever characters they are made of', () => {
    const selectors = fc.array(fc.tuple(fc.constantFrom('a', 'b'), awkward), { maxLength: 3 })
    fc.assert(
      fc.property(awkward, selectors, awkward, selectors, (parent, own, other, others) => {
        const isSame = JSON.stringify([parent, own]) === JSON.stringify([other, others])
        expect(
          variantKey(keyFor({ target: parent }), own) === variantKey(keyFor({ target: other }), others),
        ).toBe(isSame)
      }),
    )
  })

  test('of a variant is that of no resource', () => {
    const selectors = fc.array(fc.tuple(fc.constantFrom('a', 'b'), awkward), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(awkward, selectors, awkward, (target, own, tail) => {
        const key = variantKey(keyFor({ target }), own)
        const suffix = variantKey('', own)
        expect(keyFor({ target: target + suffix })).not.toBe(key)
        expect(keyFor({ target: target + tail })).not.toBe(key)
      }),
    )
  })

  test.each(['x-forwarded-host', 'x-original-url', 'forwarded'])(
    'is another with %s, which may make another request of it',
    (name) => {
      expect(keyFor({ headers: { [name]: 'host=evil' } })).not.toBe(keyFor({}))
    },
  )

  test('has only the listed parameters, in one order', () => {
    const parameters = ['page', 'sort']
    expect(keyFor({ target: '/a?sort=up&utm=x&page=2', parameters })).toBe(
      keyFor({ target: '/a?page=2&sort=up', parameters }),
    )
    expect(keyFor({ target: '/a?page=2&page=3', parameters })).not.toBe(
      keyFor({ target: '/a?page=3&page=2', parameters }),
    )
  })
})

test.each([
  ['Example.COM', 'http', 'example.com'],
  ['example.com:80', 'http', 'example.com'],
  ['example.com:443', 'https', 'example.com'],
  ['example.com:80', 'https', 'example.com:80'],
  ['example.com.', 'http', 'example.com'],
  ['example.com.:8080', 'http', 'example.com:8080'],
  ['[::1]:80', 'http', '[::1]'],
])('the host %s by %s is %s', (host, scheme, normal) => {
  expect(normalisedHost(host, scheme)).toBe(normal)
})

test('everything stored for a path has one tag, of bounded length', () => {
  expect(tagOfTarget('http://a', '/x?page=2')).toBe(tagOfTarget('http://a', '/x'))
  expect(tagOfTarget('http://a', '/x')).not.toBe(tagOfTarget('http://b', '/x'))
  expect(tagOfTarget('http://a', `/${'x'.repeat(2_000)}`).length).toBeLessThanOrEqual(300)
})
