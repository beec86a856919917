import { expect, test, vi } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

const createTestCache = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

/** JavaScript as a newcomer writes it, without types that refuse it. */
type Callback = (args: unknown[]) => string
const asCallback = (callback: unknown) => callback as Callback

const takingTheListForAnArgument: [source: string, args: unknown[], callback: Callback][] = [
  ['(id) => the text of id', [7], asCallback((id: unknown) => `user:${id}`)],
  ['(id, lang) => the text of id', [7, 'en'], asCallback((id: unknown) => `user:${id}`)],
  ["(id) => 'user:' + id", ['7'], asCallback((id: string) => `user:${id}`)],
  ['(id) => String(id)', [7], asCallback((id: unknown) => String(id))],
  ['(id) => id.toString()', [7], asCallback((id: number) => id.toString())],
  ['(id) => id.toFixed()', [7], asCallback((id: number) => id.toFixed())],
  ['(name) => name.toLowerCase()', ['Ada'], asCallback((name: string) => name.toLowerCase())],
  ['(user) => the text of user.id', [{ id: 7 }], asCallback((user: { id: number }) => `user:${user.id}`)],
  ['({ id }) => the text of id', [{ id: 7 }], asCallback(({ id }: { id: number }) => `user:${id}`)],
  ['(ids) => ids.join()', [[7, 8]], asCallback((ids: number[]) => ids.join())],
]

test.each(takingTheListForAnArgument)(
  'key: %s is refused, and the message says what to write',
  async (_, args, key) => {
    const load = vi.fn(async (...given: unknown[]) => given)
    const wrapped = createTestCache().wrap(load, { name: 'load', key })
    await expect(wrapped(...args)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('Write ([id]) => … instead of (id) => …'),
    })
    expect(load).not.toHaveBeenCalled()
  },
)

test.each(takingTheListForAnArgument)(
  'tags: %s stores nothing under a tag that nobody invalidates, and warns of what to write',
  async (_, args, tags) => {
    const cache = createTestCache()
    const warn = vi.fn()
    cache.on('warning', warn)
    const wrapped = cache.wrap(async (...given: unknown[]) => given, { name: 'load', tags })
    expect(await wrapped(...args)).toEqual(args)
    expect(wrapped.peek(...args)).toBeUndefined()
    expect(warn.mock.calls[0]?.[0].message).toContain('Write ([id]) => … instead of (id) => …')
  },
)

test.each(takingTheListForAnArgument)(
  'wrapWrite(fn, %s) fails, because nothing was invalidated',
  async (_, args, tags) => {
    const write = createTestCache().wrapWrite(async (...given: unknown[]) => given, tags)
    await expect(write(...args)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  },
)

test('the list of arguments is an ordinary one for everything else', async () => {
  const cache = createTestCache()
  const seen: unknown[] = []
  const look = (args: readonly unknown[]) => {
    const [id, lang = 'none', ...rest] = args
    const { 0: first, length } = args
    seen.push(
      Array.isArray(args),
      JSON.stringify(args),
      structuredClone(args),
      [...args, ...args.slice(0, 1)],
      args.map((one) => typeof one),
      { id, lang, rest, first, length, missing: args[5] },
    )
    return args.join('-')
  }
  const load = async (...args: unknown[]) => args.length
  const wrapped = cache.wrap(load, { key: look, tags: (args) => args.join('.') })
  expect(wrapped.keyOf(7, 'en')).toBe('load(7-en)')
  await wrapped(7, 'en')
  expect(wrapped.peek(7, 'en')?.tags).toEqual(['7.en'])
  expect(seen.slice(0, 6)).toEqual([
    true,
    '[7,"en"]',
    [7, 'en'],
    [7, 'en', 7],
    ['number', 'string'],
    { id: 7, lang: 'en', rest: [], first: 7, length: 2, missing: undefined },
  ])
})

test('the function gets its own arguments, whatever a callback does to the list', async () => {
  const cache = createTestCache()
  const load = async (...ids: number[]) => ids
  const wrapped = cache.wrap(load, {
    key: (args) => args.sort().join('-'),
    tags: (args) => [`ids:${args.pop()}`],
  })
  expect(await wrapped(3, 1, 2)).toEqual([3, 1, 2])
  expect(Object.getPrototypeOf((await wrapped(3, 1, 2)) as object)).toBe(Array.prototype)
})
