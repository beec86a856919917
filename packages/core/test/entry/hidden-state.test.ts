import { createSecretKey, KeyObject, webcrypto } from 'node:crypto'
import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { deepCopy } from '../../src/entry/copy'
import { createCache } from '../../src/index'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

class Secret {
  readonly #value = 7
  read() {
    return this.#value
  }
}
class SecretMap extends Map<string, number> {
  readonly #unit = 'EUR'
  unit() {
    return this.#unit
  }
}
function* count() {
  yield 1
}

describe('an object whose state is not in its properties is shared, never copied as an empty shell', () => {
  test.each<[name: string, value: object, use: (value: never) => unknown]>([
    ['URL', new URL('https://example.org/a'), (url: URL) => url.pathname],
    ['URLSearchParams', new URLSearchParams('a=1'), (found: URLSearchParams) => found.get('a')],
    ['Headers', new Headers({ a: '1' }), (headers: Headers) => headers.get('a')],
    ['Blob', new Blob(['abc']), (blob: Blob) => blob.size],
    ['Intl', new Intl.NumberFormat('en'), (format: Intl.NumberFormat) => format.format(1)],
    ['a generator', count(), (items: Generator) => typeof items.next],
    ['a promise', Promise.resolve(1), (promise: Promise<number>) => promise.then(String)],
    ['a stream', Readable.from(['a']), (stream: Readable) => stream.readable],
    ['a proxy of a Map', new Proxy(new Map(), {}), (map: object) => typeof map],
    ['a class with private fields', new Secret(), (secret: Secret) => secret.read()],
    ['a subclass with private fields', new SecretMap(), (map: SecretMap) => map.unit()],
    ['a key', createSecretKey(Buffer.alloc(32)), (key: KeyObject) => key.symmetricKeySize],
    ['SharedArrayBuffer', new SharedArrayBuffer(8), (buffer: SharedArrayBuffer) => buffer.byteLength],
  ])('%s', (_, value, use) => {
    const { part } = deepCopy({ part: value, more: [] }) as { part: object }
    expect(part).toBe(value)
    expect(() => use(part as never)).not.toThrow()
  })
})

test.each([
  ['Map', new Map([['a', 1]])],
  ['Uint8Array', new Uint8Array(1)],
  ['Date', new Date(5)],
])('a proxy of a %s is shared, and what it is a proxy of is still copied', (_, target) => {
  const proxy = new Proxy<object>(target, {})
  expect([deepCopy(proxy) === proxy, deepCopy(target) === target, deepCopy(proxy) === proxy]).toEqual([
    true,
    false,
    true,
  ])
})

test('a `#` in a text is no private field: the object is copied', () => {
  class Theme {
    readonly colours = ['#fff']
    reset() {
      this.colours.splice(0, 1, '#000')
    }
  }
  const theme = new Theme()
  const copy = deepCopy(theme) as Theme
  copy.reset()
  expect([theme.colours, copy.colours]).toEqual([['#fff'], ['#000']])
})

test('an object that is known by a private name alone is shared', () => {
  class Token {
    readonly #brand = true
    static is(value: object) {
      return #brand in value
    }
  }
  const token = new Token()
  expect(Token.is(deepCopy(token) as object)).toBe(true)
})

test('a cached signing key can be used, and does not end the process', async () => {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  const loadKey = cache.wrap(
    async (id: string) => ({
      id,
      key: await webcrypto.subtle.importKey(
        'raw',
        Buffer.alloc(32),
        { name: 'HMAC', hash: 'SHA-256' },
        true,
        ['sign'],
      ),
    }),
    { name: 'loadKey' },
  )
  for (let reading = 0; reading < 2; reading += 1) {
    const { key } = await loadKey('a')
    expect((await webcrypto.subtle.sign('HMAC', key, Buffer.from('text'))).byteLength).toBe(32)
    expect(KeyObject.from(key).symmetricKeySize).toBe(32)
  }
})

describe('a subclass of a built-in class keeps its class and its fields', () => {
  class Rows extends Array<number> {
    count = 3
  }
  class Prices extends Map<string, number> {
    currency = 'EUR'
  }
  class Tags extends Set<string> {
    size2() {
      return this.size * 2
    }
  }
  class ZonedDate extends Date {
    zone = 'Asia/Tokyo'
    label() {
      return `${this.getTime()} ${this.zone}`
    }
  }

  test('Array, Map, Set and Date', () => {
    const rows = deepCopy(Rows.from([1, 2])) as Rows
    expect([rows instanceof Rows, rows.count, [...rows], rows.length]).toEqual([true, 3, [1, 2], 2])
    const prices = deepCopy(new Prices([['a', 1]])) as Prices
    expect([prices instanceof Prices, prices.currency, prices.get('a')]).toEqual([true, 'EUR', 1])
    expect((deepCopy(new Tags(['a'])) as Tags).size2()).toBe(2)
    expect((deepCopy(new ZonedDate(5)) as ZonedDate).label()).toBe('5 Asia/Tokyo')
  })

  test('the groups of a match', () => {
    const match = deepCopy(/(?<year>\d+)/.exec('in 2024')) as RegExpExecArray
    expect([match.index, match.groups?.year]).toEqual([3, '2024'])
  })
})

test('objects of another realm, as Jest makes them, are copied with their contents', () => {
  const foreign = runInNewContext(
    '({ at: new Date(5), map: new Map([[1, { a: 1 }]]), set: new Set([1]), list: [1] })',
  )
  const copy = deepCopy(foreign) as typeof foreign
  expect(copy.at.getTime()).toBe(5)
  expect(copy.map.get(1)).toEqual({ a: 1 })
  expect(copy.map.get(1)).not.toBe(foreign.map.get(1))
  expect([copy.set.has(1), copy.list[0]]).toEqual([true, 1])
})
