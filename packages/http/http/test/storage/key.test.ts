import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RouteRule, RuleRequest } from '../../src'
import { everyGroup } from '../../src/fields/field-groups'
import { resolveRule } from '../../src/routes/resolve-rule'
import { digestCredentials, makePrimaryKey, makeVariantKey, normaliseHost } from '../../src/storage/key'
import { tagOfTarget } from '../../src/storage/response-tags'
import { pathOf } from '../../src/storage/target'

interface KeyParts {
  readonly origin?: string
  readonly target?: string
  readonly user?: string | undefined
  readonly headers?: Record<string, string>
  readonly rule?: RouteRule
  readonly route?: string
  readonly isExact?: boolean
}

function keyFor(parts: KeyParts): string {
  const {
    origin = 'http://a',
    target = '/',
    user,
    headers = {},
    rule = {},
    route = '/*',
    isExact = true,
  } = parts
  const query = new URLSearchParams(target.slice(pathOf(target).length))
  const request = { target, query, headers: new Headers(headers) } as unknown as RuleRequest
  const resolved = resolveRule(route, rule, {}, () => undefined)
  return (
    makePrimaryKey({
      request,
      fieldGroups: everyGroup,
      match: { route, isExact },
      rule: resolved,
      origin,
      user,
    }) ?? 'none'
  )
}

const awkward = fc.string({ unit: fc.constantFrom(...'a1/?&="[],\\: '), maxLength: 12 })

describe('a key', () => {
  test('differs if origin, target or user differ, for any characters in them', () => {
    const inputs = fc.record({
      origin: awkward,
      target: awkward.map((text) => `/${text}`),
      user: fc.option(awkward, { nil: undefined }),
    })
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        const isSame = a.origin === b.origin && a.target === b.target && a.user === b.user
        expect(keyFor(a) === keyFor(b)).toBe(isSame)
      }),
    )
  })

  test('of a variant differs if the values of its selecting fields differ, for any characters in them', () => {
    const selectors = fc.array(fc.tuple(fc.constantFrom('a', 'b'), awkward), { maxLength: 3 })
    fc.assert(
      fc.property(awkward, selectors, awkward, selectors, (target, values, otherTarget, otherValues) => {
        const isSame = JSON.stringify([target, values]) === JSON.stringify([otherTarget, otherValues])
        expect(
          makeVariantKey(keyFor({ target }), values) ===
            makeVariantKey(keyFor({ target: otherTarget }), otherValues),
        ).toBe(isSame)
      }),
    )
  })

  test('of a variant is never the key of a resource', () => {
    const selectors = fc.array(fc.tuple(fc.constantFrom('a', 'b'), awkward), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(awkward, selectors, awkward, (target, values, tail) => {
        const key = makeVariantKey(keyFor({ target }), values)
        const suffix = makeVariantKey('', values)
        expect(keyFor({ target: target + suffix })).not.toBe(key)
        expect(keyFor({ target: target + tail })).not.toBe(key)
      }),
    )
  })

  test.each(['x-forwarded-host', 'x-original-url', 'forwarded'])(
    'includes %s, by which frameworks override host or path',
    (name) => {
      expect(keyFor({ headers: { [name]: 'host=evil' } })).not.toBe(keyFor({}))
    },
  )

  test('contains only the listed parameters, in a fixed order', () => {
    const rule = { query: ['page', 'sort'] }
    expect(keyFor({ target: '/a?sort=up&utm=x&page=2', rule })).toBe(
      keyFor({ target: '/a?page=2&sort=up', rule }),
    )
    expect(keyFor({ target: '/a?page=2&page=3', rule })).not.toBe(
      keyFor({ target: '/a?page=3&page=2', rule }),
    )
  })

  test.each([
    ['pairs beyond those that a parser reads', `/a?${'&'.repeat(1_000)}page=3`, '/a?page=3'],
    ['a name with brackets', '/a?page[]=2', '/a'],
    ['an escaped name', '/a?p%61ge=2', '/a?page=2'],
    ['malformed escapes', '/a?page=%FF', '/a?page=%FE'],
    ['a semicolon', '/a?x=1;page=2', '/a'],
  ])('contains the whole query where parsers disagree on the listed parameters: %s', (_, target, plain) => {
    expect(keyFor({ target, rule: { query: ['page'] } })).not.toBe(
      keyFor({ target: plain, rule: { query: ['page'] } }),
    )
  })

  test("made by the rule's own function is one of its route", () => {
    const rule = { key: ({ query }: RuleRequest) => query.get('id') ?? '' }
    const target = '/a?id=1'
    expect(keyFor({ target, rule, route: '/jobs' })).not.toBe(keyFor({ target, rule, route: '/users' }))
    expect(keyFor({ target: '/b?id=1', rule })).toBe(keyFor({ target, rule }))
  })

  test("made by the rule's own function contains the target if the handler may read more into it", () => {
    const rule = { key: ({ query }: RuleRequest) => query.get('id') ?? '' }
    const usual = keyFor({ target: '/a?id=1', rule })
    for (const target of ['/a?id=1&id=2', '/a?id=1&id[]=2', `/a?id=1${'&'.repeat(200)}x`])
      expect(keyFor({ target, rule })).not.toBe(usual)
    expect(keyFor({ target: '/A/?id=1', rule, isExact: false })).not.toBe(usual)
  })

  test.each([
    [{ vary: ['x-tenant'] }],
    [{ scope: 'public' }],
    [{ query: ['page'] }],
    [{ allowSetCookie: true }],
  ] as const)('differs after the rule has been changed by %o', (rule) => {
    expect(keyFor({ target: '/a?', rule })).not.toBe(keyFor({ target: '/a?', rule: {} }))
  })
})

test('credentials in a key differ if their values differ, and do not reveal them', () => {
  const digest = (value: string) =>
    digestCredentials({ headers: new Headers({ 'x-api-key': value }) } as unknown as RuleRequest, [
      'x-api-key',
      'x-token',
    ])
  expect(digest('secret')).toEqual([expect.stringMatching(/^x-api-key: sha256:[\w-]{43}$/)])
  expect(digest('secret')).not.toEqual(digest('other'))
})

test.each([
  ['Example.COM', 'http', 'example.com'],
  ['example.com:80', 'http', 'example.com'],
  ['example.com:443', 'https', 'example.com'],
  ['example.com:80', 'https', 'example.com:80'],
  ['example.com.', 'http', 'example.com'],
  ['example.com.:8080', 'http', 'example.com:8080'],
  ['[::1]:80', 'http', '[::1]'],
])('the host %s with the scheme %s is normalised to %s', (host, scheme, normal) => {
  expect(normaliseHost(host, scheme)).toBe(normal)
})

test('all targets with the same path share one tag of bounded length', () => {
  expect(tagOfTarget('http://a', '/x?page=2')).toBe(tagOfTarget('http://a', '/x'))
  expect(tagOfTarget('http://a', '/x')).not.toBe(tagOfTarget('http://b', '/x'))
  for (const spelling of ['/X/', '//x', '/%78', '/y/../x', '/x;v=1', '/./x?a'])
    expect(tagOfTarget('http://a', spelling)).toBe(tagOfTarget('http://a', '/x'))
  expect(tagOfTarget('http://a', `/${'x'.repeat(2_000)}`).length).toBeLessThanOrEqual(300)
})
