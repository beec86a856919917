import { describe, expect, test } from 'vitest'
import type { Fields } from '../../src/fields/fields'
import { type Circumstances, obstacle } from '../../src/policy/storability'
import { termsOf } from '../../src/policy/terms'

const ordinary: Circumstances = {
  scope: 'public',
  asked: new Map(),
  isPersonal: false,
  isForEverybody: false,
  isDeclared: false,
  allowsSetCookie: false,
  isHeuristic: false,
}

function whyNot(fields: Fields, at: Partial<Circumstances> = {}, status = 200): string | undefined {
  const head = { status, fields }
  return obstacle(head, termsOf(head, []), { ...ordinary, ...at })
}

const says = (value: string): Fields => [['cache-control', value]]

describe('a response is stored', () => {
  test('where it says for how long', () => {
    expect(whyNot(says('max-age=1'))).toBeUndefined()
    expect(whyNot([])).toBe('no freshness')
    expect(whyNot([], { isDeclared: true })).toBeUndefined()
  })

  test('not for everybody, where it is for one user', () => {
    expect(whyNot(says('private, max-age=1'))).toBe('private')
    expect(whyNot(says('private, max-age=1'), { scope: 'private' })).toBeUndefined()
    expect(whyNot(says('private="x-name", max-age=1'))).toBeUndefined()
  })

  test('for those who say who they are, only where somebody says that all get the same', () => {
    const personal = { isPersonal: true }
    expect(whyNot(says('max-age=1'), personal)).toBe('personal')
    expect(whyNot(says('max-age=1'), { ...personal, isDeclared: true })).toBe('personal')
    expect(whyNot(says('max-age=1'), { ...personal, isForEverybody: true })).toBeUndefined()
    for (const directive of ['public', 's-maxage=1', 'must-revalidate'])
      expect(whyNot(says(`max-age=1, ${directive}`), personal)).toBeUndefined()
  })

  test('not with a cookie to set, unless the field is left out or the rule allows it', () => {
    const cookie: Fields = [['set-cookie', 'a=b']]
    expect(whyNot([...says('max-age=1'), ...cookie])).toBe('set-cookie')
    expect(whyNot([...says('max-age=1, no-cache="set-cookie"'), ...cookie])).toBeUndefined()
    expect(whyNot([...says('max-age=1'), ...cookie], { allowsSetCookie: true })).toBeUndefined()
  })

  test('never as a stream of events, nor where every request may be answered otherwise', () => {
    expect(whyNot([...says('max-age=1'), ['content-type', 'text/event-stream; charset=utf-8']])).toBe(
      'event stream',
    )
    expect(whyNot([...says('max-age=1'), ['vary', 'a, *']])).toBe('vary *')
  })

  test('in spite of no-store, where it must be understood and is', () => {
    expect(whyNot(says('no-store, must-understand, max-age=1'))).toBeUndefined()
    expect(whyNot(says('no-store, max-age=1'))).toBe('no-store')
  })
})
