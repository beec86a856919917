import { describe, expect, test } from 'vitest'
import { everyGroup } from '../../src/fields/field-groups'
import { type StoredResponse, storedVersion } from '../../src/policy/stored-response'
import type { Exchange } from '../../src/serving/exchange'
import { createResponder, hit } from '../../src/serving/respond'

const stored: StoredResponse = {
  version: storedVersion,
  status: 200,
  fields: [['etag', '"v1"']],
  originFieldCount: 1,
  removedNames: [],
  body: new TextEncoder().encode('body'),
  selectors: [],
  tags: [],
  responseTime: 0,
  initialAge: 0,
  lifetime: 60_500,
  isShareable: true,
  requiresValidation: false,
  allowsStale: true,
  staleWhileRevalidate: 0,
  staleIfError: 0,
}

const requestWith = (fields: Record<string, string> = {}, method = 'GET') =>
  ({
    request: { method, headers: new Headers(fields) },
    fieldGroups: everyGroup,
  }) as unknown as Exchange

describe('hits of one stored response', () => {
  const respond = createResponder('larder')
  const fieldsAt = (now: number) => {
    const answer = respond(stored, requestWith(), now, hit)
    return answer.from === 'store' ? answer.fields : {}
  }

  test('carry its age and its remaining freshness in whole seconds', () => {
    expect(fieldsAt(1_000)).toMatchObject({ age: '1', 'cache-status': 'larder; hit; ttl=59' })
    expect(fieldsAt(1_501)).toMatchObject({ age: '1', 'cache-status': 'larder; hit; ttl=58' })
    expect(fieldsAt(2_000)).toMatchObject({ age: '2', 'cache-status': 'larder; hit; ttl=58' })
  })

  test('share one fields object within a second', () => {
    expect(fieldsAt(3_000)).toBe(fieldsAt(3_400))
  })

  test('return the stored body without copying it', () => {
    expect(respond(stored, requestWith(), 0, hit)).toMatchObject({ body: { buffer: stored.body.buffer } })
    expect(respond(stored, requestWith({}, 'HEAD'), 0, hit)).toMatchObject({ status: 200, body: undefined })
    expect(respond(stored, requestWith({ 'if-none-match': '"v1"' }), 0, hit)).toMatchObject({ status: 304 })
  })
})

test('a range outside of the body is refused without a body, and without the fields that describe one', () => {
  const page = { ...stored, fields: [['etag', '"v1"'] as const, ['content-encoding', 'gzip'] as const] }
  const answer = createResponder(false)(page, requestWith({ range: 'bytes=50-' }), 0, hit)
  expect(answer).toMatchObject({ status: 416, body: new Uint8Array() })
  expect(answer).toMatchObject({ fields: { 'content-range': 'bytes */4', 'content-length': '0' } })
  expect(answer).not.toHaveProperty(['fields', 'content-encoding'])
})

test('two caches that share a store use their own names in Cache-Status', () => {
  const respondAs = (name: string | false) => createResponder(name)(stored, requestWith(), 0, hit)
  expect(respondAs('one')).toMatchObject({ fields: { 'cache-status': 'one; hit; ttl=60' } })
  expect(respondAs('two')).toMatchObject({ fields: { 'cache-status': 'two; hit; ttl=60' } })
  expect(respondAs(false)).not.toHaveProperty(['fields', 'cache-status'])
})
