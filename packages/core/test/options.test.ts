import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type Cache,
  createCache,
  type InvalidationLog,
  type LarderError,
  type OpenStore,
  type Store,
  toMs,
} from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'
import { createWire, createWorld } from './support/world'

const valid = () => ({ name: 'test', store: mapStore(), clock: manualClock() })

describe('an invalid option is rejected with a message that says what to write', () => {
  test.each([
    [{ name: '' }, /needs a name/],
    [{ store: undefined }, /memoryStore\(\)/],
    [{ ttl: '5 minutes' }, /'5m'/],
    [{ ttl: -1 }, /ttl must be a duration/],
    [{ refreshAhead: 80 }, /a number from 0 to 1/],
    [{ jitter: 2 }, /a number from 0 to 1/],
    [{ earlyExpiry: Number.NaN }, /a factor/],
    [{ maxStaleness: '1s', syncInterval: '2s' }, /shorter than maxStaleness/],
    [{ tags: [''] }, /A tag is a string/],
  ])('%o', (options, message) => {
    expect(() => createCache({ ...valid(), ...options } as never)).toThrow(message)
  })

  test('a shared tier without a codec', () => {
    const log = createWorld(manualClock())
      .store()
      .open({} as never).log as InvalidationLog
    const store: Store = {
      open: () => ({ shared: [{ name: 'mine' } as never], log, close: async () => undefined }),
    }
    expect(() => createCache({ ...valid(), store })).toThrow(/"mine".*@larder\/core\/encoding/)
  })

  test('a store with shared entries and no log, which would serve invalidated values in other processes', async () => {
    const clock = manualClock()
    const closes: string[] = []
    const world = createWorld(clock).store()
    const store: Store = {
      open(context) {
        const { shared } = world.open(context)
        return { shared, close: async () => void closes.push('close') } as unknown as OpenStore
      },
    }
    expect(() => createCache({ name: 'test', store, clock })).toThrow(
      /shared tier "world" needs a log that all processes share/,
    )
    expect(closes).toEqual(['close'])
  })

  const failing = () => {
    throw new Error('no codec today')
  }
  test.each([
    ['has no codec', undefined, /createCodec/],
    ['cannot make its codec', failing, /no codec today/],
  ])(
    'a tier that %s: its store is closed again, and its log is not followed',
    async (_, createCodec, message) => {
      const clock = manualClock()
      const own = createWire()
      const world = createWorld(clock).store({ wire: own })
      const calls: string[] = []
      const store: Store = {
        open(context) {
          const opened = world.open(context)
          return {
            ...opened,
            shared: opened.shared.map((tier) => ({ ...tier, createCodec: createCodec as never })),
            log: opened.log && {
              ...opened.log,
              follow() {
                calls.push('follow')
                return () => undefined
              },
            },
            async close() {
              calls.push('close')
              throw new Error('closing fails, too')
            },
          } as OpenStore
        },
      }
      expect(() => createCache({ name: 'test', store, clock })).toThrow(message)
      await clock.advance(5_000)
      expect(calls).toEqual(['close'])
      expect(own.calls).toEqual({})
    },
  )

  test('an unknown option', () => {
    expect(() => createCache({ ...valid(), tlt: '5m' } as never)).toThrow(/tlt/)
  })

  test('a key that is not a string rejects the call', async () => {
    const cache = createCache(valid())
    await expect(cache.getOrCompute(42 as never, () => 1)).rejects.toMatchObject({
      code: 'BAD_KEY',
    } satisfies Partial<LarderError>)
    await expect(cache.get(undefined as never)).rejects.toMatchObject({ code: 'BAD_KEY' })
  })
})

describe('durations', () => {
  test.each([
    [250, 250],
    ['250ms', 250],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ] as const)('%s is %s ms', (duration, ms) => {
    expect(toMs(duration, 'ttl')).toBe(ms)
  })
})

test('the types of results follow the values', () => {
  const cache = createCache(valid())
  expectTypeOf(cache.getOrCompute('k', () => 1)).resolves.toEqualTypeOf<number>()
  expectTypeOf(cache.getOrCompute('k', async () => ({ a: 'x' }))).resolves.toEqualTypeOf<{ a: string }>()
  const aware = cache.getOrCompute('k', ({ signal }) => ({ validFor: signal.aborted ? 1 : 2 }), {
    ttl: ({ validFor }) => validFor,
  })
  expectTypeOf(aware).resolves.toEqualTypeOf<{ validFor: number }>()
  expectTypeOf(cache.get<string>('k')).resolves.toEqualTypeOf<string | undefined>()
  expectTypeOf(cache.namespace<{ id: number }>('users')).toEqualTypeOf<Cache<{ id: number }>>()
  expectTypeOf(cache.getManyOrCompute(['a'], async (keys) => keys.map(Number))).resolves.toEqualTypeOf<
    (number | undefined)[]
  >()
  void cache.close()
})
