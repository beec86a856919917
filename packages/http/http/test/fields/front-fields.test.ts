import { describe, expect, test } from 'vitest'
import { joinFrontFields, toOriginHead } from '../../src'

describe('the head of a handler is without the fields of layers in front of the cache', () => {
  test('that were set before it, unless they describe the response', () => {
    const before = [
      ['x-request-id', '1'],
      ['vary', 'Origin'],
    ] as const
    const fields = [...before, ['x-page', 'a']] as const
    expect(toOriginHead(200, fields, { before })).toEqual({
      status: 200,
      fields: [
        ['vary', 'Origin'],
        ['x-page', 'a'],
      ],
      requestFields: [['x-request-id', '1']],
      removedNames: undefined,
    })
  })

  test('that were added after it, where they are added before the head is written', () => {
    const after = [['x-page', 'a']] as const
    const fields = [...after, ['x-user', 'ada'], ['content-encoding', 'gzip']] as const
    expect(toOriginHead(200, fields, { before: [], after }).fields).toEqual([
      ['x-page', 'a'],
      ['content-encoding', 'gzip'],
    ])
  })

  test('that describe the request, whichever layer has set them', () => {
    const names = [
      'ratelimit',
      'ratelimit-policy',
      'x-ratelimit-reset',
      'x-request-id',
      'traceresponse',
      'server-timing',
    ]
    const fields = names.map((name) => [name, '1'] as const)
    expect(toOriginHead(200, [...fields, ['x-page', 'a']], { before: [] }).fields).toEqual([['x-page', 'a']])
  })

  test('and names the terms for clients that these layers have set', () => {
    const terms = [['cache-control', 'max-age=1']] as const
    expect(toOriginHead(200, terms, { before: terms }).frontTerms).toEqual(['cache-control'])
    expect(toOriginHead(200, terms, { before: [], after: [] }).frontTerms).toEqual(['cache-control'])
    expect(toOriginHead(200, terms, { before: [] }).frontTerms).toBeUndefined()
  })

  test('and names those that were removed since', () => {
    expect(toOriginHead(200, [], { before: [['x-powered-by', 'A']] }).removedNames).toEqual(['x-powered-by'])
  })
})

describe('an answer from the store, sent behind layers that have set fields', () => {
  const join = (answer: Parameters<typeof joinFrontFields>[0], front: Record<string, string>) =>
    joinFrontFields(answer, (name) => front[name])

  test('has their Vary, so that caches outside keep apart what they vary', () => {
    expect(join({ fields: { vary: 'Accept' } }, { vary: 'Origin' })).toEqual({ vary: 'Origin, Accept' })
    expect(join({ fields: { vary: 'Origin' } }, { vary: 'Origin, Accept' })).toEqual({
      vary: 'Accept, Origin',
    })
    const complete = { fields: { vary: 'accept, Origin' } }
    expect(join(complete, { vary: 'Origin' })).toBe(complete.fields)
  })

  test('has their cookies and its own', () => {
    const cookies = { 'set-cookie': 'page=1' }
    expect(join({ fields: cookies }, { 'set-cookie': 'session=1' })).toEqual({
      'set-cookie': ['session=1', 'page=1'],
    })
    expect(join({ fields: cookies }, {})).toBe(cookies)
  })

  test('keeps their terms for clients in place of the default of the cache, and of no other', () => {
    const fields = { 'cache-control': 'no-cache' }
    const front = { 'cache-control': 'private, no-store' }
    for (const terms of [front, { expires: '0' }])
      expect(join({ fields, hasDefaultTerms: true }, terms)).toEqual({})
    expect(join({ fields, hasDefaultTerms: false }, front)).toBe(fields)
    expect(join({ fields, hasDefaultTerms: true }, {})).toBe(fields)
  })
})
