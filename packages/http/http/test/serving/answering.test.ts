import { describe, expect, test } from 'vitest'
import type { RuleRequest } from '../../src'
import type { StoredResponse } from '../../src/policy/stored-response'
import { createAnswering, hit } from '../../src/serving/answering'

const stored: StoredResponse = {
  status: 200,
  fields: [['etag', '"v1"']],
  saidFields: 1,
  body: new TextEncoder().encode('body'),
  selectors: [],
  tags: [],
  responseTime: 0,
  initialAge: 0,
  lifetime: 60_500,
  isForEverybody: true,
  isAlwaysValidated: false,
  mayBeStale: true,
  staleWhileRevalidate: 0,
  staleIfError: 0,
}

const asking = (fields: Record<string, string> = {}, method = 'GET') =>
  ({ method, headers: new Headers(fields) }) as unknown as RuleRequest

describe('hits of one stored response', () => {
  const answer = createAnswering('larder')
  const fieldsAt = (now: number) => {
    const answered = answer(stored, asking(), now, hit)
    return answered.from === 'store' ? answered.fields : {}
  }

  test('say how old it is and how long it is fresh, to the second', () => {
    expect(fieldsAt(1_000)).toMatchObject({ age: '1', 'cache-status': 'larder; hit; ttl=59' })
    expect(fieldsAt(1_501)).toMatchObject({ age: '1', 'cache-status': 'larder; hit; ttl=58' })
    expect(fieldsAt(2_000)).toMatchObject({ age: '2', 'cache-status': 'larder; hit; ttl=58' })
  })

  test('share the fields that say the same', () => {
    expect(fieldsAt(3_000)).toBe(fieldsAt(3_400))
  })

  test('hand out the body as it is stored, without a copy', () => {
    expect(answer(stored, asking(), 0, hit)).toMatchObject({ body: stored.body })
    expect(answer(stored, asking({}, 'HEAD'), 0, hit)).toMatchObject({ status: 200, body: undefined })
    expect(answer(stored, asking({ 'if-none-match': '"v1"' }), 0, hit)).toMatchObject({ status: 304 })
  })
})

test('two caches of responses that share what they store answer under their own names', () => {
  const named = (name: string | false) => createAnswering(name)(stored, asking(), 0, hit)
  expect(named('one')).toMatchObject({ fields: { 'cache-status': 'one; hit; ttl=60' } })
  expect(named('two')).toMatchObject({ fields: { 'cache-status': 'two; hit; ttl=60' } })
  expect(named(false)).not.toHaveProperty(['fields', 'cache-status'])
})
