import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { createPolicy } from '../../src/resilience/policy'
import { flushPromises, manualClock } from '../support/manual-clock'

interface Limits {
  readonly circuitThreshold?: number
  readonly maxInFlight?: number
  readonly maxWaiting?: number
}

function createSubject(limits: Limits = {}, clock = manualClock()) {
  const causes: unknown[] = []
  const outages: object[] = []
  const policy = createPolicy({
    name: 'store',
    clock,
    timeout: 100,
    circuitThreshold: 5,
    circuitPause: 1_000,
    maxInFlight: 2,
    maxWaiting: 10,
    ...limits,
    onOpen: (cause) => causes.push(cause),
    onOutage: (outage) => outages.push(outage),
    onCall: () => undefined,
    onError: () => undefined,
  })
  const call = <T>(work: () => Promise<T>, operation = 'get') =>
    policy
      .execute(operation, work)
      .catch((error: { code?: string; message: string }) => error.code ?? error.message)
  const work = (ms: number) => () =>
    new Promise<string>((resolve) => clock.timeout(ms, () => resolve('done')))
  const fail = () => Promise.reject(new Error('down'))
  const hang = () => new Promise<never>(() => undefined)
  return { clock, causes, outages, call, work, fail, hang }
}

test('a store in JavaScript may return its result without a promise, or throw', async () => {
  const { call } = createSubject()
  const broken = () => {
    throw new Error('broken')
  }
  expect([await call((() => 'result') as never), await call(broken)]).toEqual(['result', 'broken'])
})

describe('the bulkhead of a policy', () => {
  test('makes every call of a burst, a few at a time, and the time that a call waits is no time of the server', async () => {
    const { clock, call, work } = createSubject()
    const burst = Promise.all(Array.from({ length: 12 }, () => call(work(60))))
    await clock.advance(60 * 6)
    expect(await burst).toEqual(new Array(12).fill('done'))
  })

  test('rejects calls with STORE_BUSY beyond the number that may wait', async () => {
    const { clock, call, work } = createSubject({ maxWaiting: 1 })
    const accepted = [1, 2, 3].map(() => call(work(50)))
    expect(await call(work(50))).toBe('STORE_BUSY')
    await clock.advance(100)
    expect(await Promise.all(accepted)).toEqual(['done', 'done', 'done'])
  })

  test('lets reads pass a burst of writes', async () => {
    const { clock, call, work } = createSubject()
    const order: string[] = []
    const writes = [1, 2, 3, 4].map(() => call(work(50), 'set').then(() => order.push('write')))
    const read = call(work(60), 'get').then(() => order.push('read'))
    await clock.advance(100)
    await Promise.all([...writes, read])
    expect(order).toEqual(['write', 'write', 'read', 'write', 'write'])
  })

  test('rejects all calls that wait when the circuit opens, however many', async () => {
    const { clock, call, hang } = createSubject({ circuitThreshold: 1, maxWaiting: 50_000 })
    const calls = Promise.all(Array.from({ length: 50_002 }, () => call(hang)))
    await clock.advance(100)
    const outcomes = await calls
    expect(outcomes.filter((outcome) => outcome === 'STORE_TIMEOUT')).toHaveLength(2)
    expect(outcomes.filter((outcome) => outcome === 'STORE_OPEN_CIRCUIT')).toHaveLength(50_000)
  })
})

describe('the circuit of a policy', () => {
  test('rejects calls with STORE_OPEN_CIRCUIT while it is open', async () => {
    const { clock, call, work, fail } = createSubject({ circuitThreshold: 1 })
    expect(await call(fail)).toBe('down')
    expect(await call(work(0))).toBe('STORE_OPEN_CIRCUIT')
    await clock.advance(1_000)
    const trial = call(work(0))
    await clock.advance(0)
    expect(await trial).toBe('done')
  })

  test('tells the failure that opened it, also after each failed trial', async () => {
    const { clock, call, causes, fail, hang } = createSubject({ circuitThreshold: 1 })
    await call(fail)
    await clock.advance(1_000)
    const trial = call(hang)
    await clock.advance(100)
    await trial
    expect(causes).toMatchObject([{ message: 'down' }, { code: 'STORE_TIMEOUT' }])
  })

  test('reports one event when an outage begins and one when it has ended, however often trials fail', async () => {
    const { clock, call, outages, fail } = createSubject({ circuitThreshold: 1 })
    for (let trials = 0; trials < 10; trials += 1) {
      await call(fail)
      await clock.advance(1_000)
    }
    expect(outages).toEqual([{ state: 'open', duration: 0, flaps: 0 }])
    await call(async () => 1)
    await clock.advance(999)
    expect(outages).toHaveLength(1)
    await clock.advance(1)
    expect(outages.slice(1)).toEqual([{ state: 'closed', duration: 10_000, flaps: 0 }])
  })

  test('counts as a flap if it opens again within its pause after it has closed', async () => {
    const { clock, call, outages, fail } = createSubject({ circuitThreshold: 1 })
    for (let flaps = 0; flaps < 3; flaps += 1) {
      await call(fail)
      await clock.advance(1_000)
      await call(async () => 1)
      await clock.advance(500)
    }
    await clock.advance(500)
    expect(outages).toEqual([
      { state: 'open', duration: 0, flaps: 0 },
      { state: 'closed', duration: 4_000, flaps: 2 },
    ])
    await flushPromises()
  })

  test('keeps nothing of the request whose call ended an outage', async () => {
    const request = new AsyncLocalStorage<string>()
    const contexts: unknown[] = []
    const clock = manualClock()
    const { call, work, fail } = createSubject(
      { circuitThreshold: 1 },
      Object.assign(clock, {
        background(delay: number, task: () => void) {
          contexts.push(request.getStore())
          return clock.timeout(delay, task)
        },
      }),
    )
    await request.run('a request', async () => {
      await call(fail)
      await clock.advance(1_000)
      const answer = call(work(0))
      await clock.advance(1)
      expect(await answer).toBe('done')
    })
    expect(contexts).toEqual([undefined])
  })
})
