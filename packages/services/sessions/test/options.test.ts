import { describe, expect, test } from 'vitest'
import { createLocalSessions, createSessions } from '../src/index'

const url = 'redis://127.0.0.1:1'

describe('createSessions refuses, and says what to write', () => {
  test.each<[options: unknown, message: string]>([
    [undefined, 'needs a name'],
    [{ url }, 'needs a name'],
    [{ name: '', url }, 'name must be a text that is not empty'],
    [{ name: 'shop' }, 'needs a client or a url'],
    [{ name: 'shop', url, whenAway: 'deny' }, 'no option "whenAway"'],
    [{ name: 'shop', url, ifUnavailable: 'open' }, "'deny' or 'anonymous'"],
    [{ name: 'shop', url, onConflict: 'first' }, "'last' or 'refuse'"],
    [{ name: 'shop', url, idle: 'soon' }, 'idle must be a duration'],
    [{ name: 'shop', url, idle: 0 }, 'idle must be from 1 ms to ten years; got 0'],
    [{ name: 'shop', url, absolute: Number.POSITIVE_INFINITY }, 'absolute must be from 1 ms to ten years'],
    [{ name: 'shop', url, maxPerUser: 0 }, 'maxPerUser must be a whole number above 0'],
    [{ name: 'shop', url, maxBytes: '64kb' }, 'maxBytes must be a whole number above 0'],
    [{ name: 'shop', url, ttl: '1d' }, 'no option "ttl"'],
  ])('%o', (options, message) => {
    expect(() => createSessions(options as never)).toThrow(message)
  })
})

describe('a session is refused', () => {
  const sessions = createLocalSessions({ maxBytes: 1_000 })
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic

  test.each<[name: string, data: unknown, message: string]>([
    [
      'a function',
      { a: { b: [() => 1] } },
      'its field "a" contains a function, which JSON does not give back',
    ],
    ['a symbol', { a: Symbol('s') }, 'its field "a" contains'],
    ['a bigint', { a: 1n }, 'its field "a" contains'],
    ['a number without JSON', { a: Number.NaN }, 'its field "a" contains NaN'],
    ['a date', { a: new Date(0) }, 'its field "a" contains'],
    ['a map', { a: new Map() }, 'its field "a" contains'],
    ['half of a character in a name', { '\ud800': 1 }, 'has half of a surrogate pair'],
    ['a cycle', cyclic, 'its field "self" refers to itself'],
    ['a text', 'ann', 'its data must be an object such as { cart: [] }; got'],
    ['a list', [1], 'its data must be an object'],
    ['nothing', undefined, 'its data must be an object'],
  ])('with %s', async (_, data, message) => {
    const made = sessions.create(data as never)
    await expect(made).rejects.toMatchObject({
      code: 'UNSERIALIZABLE_VALUE',
      message: expect.stringContaining(message),
    })
  })

  test('beyond maxBytes, at its begin and when it grows', async () => {
    await expect(sessions.create({ a: 'ä'.repeat(500) })).rejects.toMatchObject({
      code: 'VALUE_TOO_LARGE',
      message: expect.stringContaining('A session has 1003 bytes, more than maxBytes (1000)'),
    })
    const session = await sessions.create({ a: 'x'.repeat(900) })
    session.data.b = 'x'.repeat(900)
    await expect(session.save()).rejects.toMatchObject({ code: 'VALUE_TOO_LARGE' })
    await expect(session.renew('ann')).rejects.toMatchObject({ code: 'VALUE_TOO_LARGE' })
  })

  test.each<[options: unknown, message: string]>([
    [{ user: '' }, "create: user must be a text that is not empty, such as 'user:42'"],
    [{ user: 42 }, 'user must be a text'],
    [{ id: '' }, 'id must have from 1 to 256 characters'],
    [{ label: 'x'.repeat(201) }, 'label must have at most 200 characters; got 201'],
    [{ ttl: 5 }, 'no option "ttl"'],
  ])('with %o', async (options, message) => {
    await expect(sessions.create({}, options as never)).rejects.toThrow(message)
  })
})

test('calls without a user or a session are refused', async () => {
  const sessions = createLocalSessions()
  const session = await sessions.create({})
  await expect(session.renew('')).rejects.toThrow('renew: user must be a text that is not empty')
  await expect(sessions.revokeAll('')).rejects.toThrow('revokeAll: user must be a text')
  await expect(sessions.listByUser(undefined as never)).rejects.toThrow('listByUser: user must be a text')
  await expect(sessions.revoke({ handle: session.handle } as never)).rejects.toThrow(
    'revoke takes the id of a session, or { user, handle }',
  )
  await expect(sessions.revoke(undefined as never)).rejects.toThrow('got undefined')
})
