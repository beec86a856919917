import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { createCache } from '../../src/index'
import { createEmitter } from '../../src/telemetry/emitter'
import { flushPromises, manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const cacheOf = () => createCache({ name: 'test', store: mapStore(), clock: manualClock() })

test('listeners receive events until they unsubscribe', async () => {
  const cache = cacheOf()
  const received: string[] = []
  const offs = (['hit', 'miss', 'compute', 'fill', 'invalidate'] as const).map((name) =>
    cache.on(name, () => received.push(name)),
  )
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.invalidate('t')
  expect(received).toEqual(['compute', 'fill', 'miss', 'hit', 'invalidate'])
  for (const off of offs) off()
  await cache.getOrCompute('k', () => 1)
  expect(received).toHaveLength(5)
})

test('a listener that subscribes itself again gets the next event, and not the same one without end', async () => {
  const cache = cacheOf()
  let received = 0
  const listenOnce = () => {
    const off = cache.on('miss', () => {
      received += 1
      off()
      if (received < 100) listenOnce()
    })
  }
  listenOnce()
  await cache.get('k')
  expect(received).toBe(1)
  await cache.get('k')
  expect(received).toBe(2)
})

test('diagnostics_channel receives the same events, with the name of the cache', async () => {
  const messages: unknown[] = []
  const listener = (message: unknown) => messages.push(message)
  subscribe('larder:miss', listener)
  await cacheOf().getOrCompute('k', () => 1)
  unsubscribe('larder:miss', listener)
  expect(messages).toEqual([{ cache: 'test', key: 'k', function: '*', reason: 'absent' }])
})

test('a listener that throws or rejects affects no caller, and causes one warning', async () => {
  const cache = cacheOf()
  const warnings: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  cache.on('miss', () => {
    throw new Error('broken')
  })
  cache.on('miss', async () => {
    throw new Error('broken later')
  })
  for (const key of ['a', 'b', 'c']) expect(await cache.getOrCompute(key, () => 1)).toBe(1)
  await flushPromises()
  expect(warnings).toEqual([expect.stringContaining('broken'), expect.stringContaining('broken later')])
})

test.each([{ name: 'miss' }, { name: 'warning' }] as const)(
  'a listener of "$name" that throws is printed, although nobody listens to warnings',
  async ({ name }) => {
    const print = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const cache = cacheOf()
    cache.on(name, () => {
      throw new Error('broken')
    })
    for (const key of ['a', 'b']) await cache.get(key)
    cache.warn('look out')
    const printed = print.mock.calls.map(([message]) => String(message))
    print.mockRestore()
    expect(
      printed.filter((message) => message.includes(`a listener of "${name}" failed: broken`)),
    ).toHaveLength(1)
  },
)

test('a listener may throw a value that cannot be converted to a string', () => {
  const emitter = createEmitter('test', () => undefined)
  const warned = vi.fn()
  emitter.on('warning', warned)
  emitter.on('miss', () => {
    throw Object.create(null)
  })
  emitter.emit('miss', { key: 'k', function: '*', reason: 'absent' })
  expect(warned).toHaveBeenCalledTimes(1)
})

test('a listener of warnings that throws causes no further warning', async () => {
  const emitter = createEmitter('test', () => undefined)
  const broken = vi.fn(async () => {
    throw new Error('broken')
  })
  emitter.on('warning', broken)
  emitter.emit('warning', { message: 'look out' })
  await flushPromises()
  expect(broken).toHaveBeenCalledTimes(1)
})

test('rejections of promises of another realm are caught', async () => {
  const emitter = createEmitter('test', () => undefined)
  const warnings: string[] = []
  emitter.on('warning', ({ message }) => warnings.push(message))
  emitter.on('miss', () => runInNewContext("Promise.reject(new Error('from elsewhere'))"))
  emitter.emit('miss', { key: 'k', function: '*', reason: 'absent' })
  await flushPromises()
  expect(warnings).toEqual([expect.stringContaining('from elsewhere')])
})

test('an emitter without listeners reports that it has none', () => {
  const emitter = createEmitter('test', () => undefined)
  expect(emitter.hasListeners('hit')).toBe(false)
  const listener = vi.fn()
  const off = emitter.on('hit', listener)
  expect(emitter.hasListeners('hit')).toBe(true)
  off()
  expect(emitter.hasListeners('hit')).toBe(false)
  emitter.emit('hit', { key: 'k', function: '*', tier: 'map', age: 0 })
  expect(listener).not.toHaveBeenCalled()
})

test('a channel subscriber counts as a listener while it is subscribed', () => {
  const emitter = createEmitter('test', () => undefined)
  expect(emitter.hasListeners('hit')).toBe(false)
  const subscriber = () => undefined
  subscribe('larder:hit', subscriber)
  expect(emitter.hasListeners('hit')).toBe(true)
  unsubscribe('larder:hit', subscriber)
  expect(emitter.hasListeners('hit')).toBe(false)
})

test('listeners receive events without diagnostics_channel', () => {
  vi.stubGlobal('process', undefined)
  const emitter = createEmitter('test', () => undefined)
  vi.unstubAllGlobals()
  const received = vi.fn()
  emitter.on('join', received)
  emitter.emit('join', { key: 'k', function: '*', duration: 1 })
  expect(received).toHaveBeenCalledWith({ key: 'k', function: '*', duration: 1 })
})

test('stats count every read once', async () => {
  const cache = cacheOf()
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.get('k')
  await cache.get('missing')
  expect(cache.stats()).toMatchObject({
    hits: { map: 2 },
    misses: 2,
    hitRatio: 0.5,
    computes: { value: 1 },
    usage: { entries: 1 },
  })
})

test('stats are a snapshot', async () => {
  const cache = cacheOf()
  await cache.getOrCompute('k', () => 1)
  const before = cache.stats()
  await cache.getOrCompute('k', () => 1)
  expect(before.hits).toEqual({})
  expect(cache.stats().hits).toEqual({ map: 1 })
})

describe('a warning of a package that extends the cache', () => {
  test('is emitted to the listeners of the cache', () => {
    const cache = cacheOf()
    const warnings: string[] = []
    cache.on('warning', ({ message }) => warnings.push(message))
    cache.namespace('http').warn('look out')
    expect(warnings).toEqual(['look out'])
  })

  test('is one of the process as well, whether somebody listens or not', () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const heard = cacheOf()
    heard.on('warning', () => undefined)
    for (const cache of [heard, cacheOf()]) cache.warn('look out')
    expect(emitWarning.mock.calls).toEqual(Array(2).fill(['look out', 'LarderWarning']))
    emitWarning.mockRestore()
  })
})
