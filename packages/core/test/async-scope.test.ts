import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

interface Frame {
  readonly outer: Frame | undefined
}

const created: RecordingStorage[] = []

/** A storage that records how it is used. */
class RecordingStorage extends AsyncLocalStorage<Frame | undefined> {
  readonly depths: number[] = []
  disabled = 0

  constructor() {
    super()
    created.push(this)
  }

  override run<R>(frame: Frame | undefined, work: () => R): R {
    let depth = 0
    for (let current = frame; current !== undefined; current = current.outer) depth += 1
    this.depths.push(depth)
    return super.run(frame, work)
  }

  override disable(): void {
    this.disabled += 1
    super.disable()
  }
}

let createAsyncScope: typeof import('../src/async-scope').createAsyncScope

beforeEach(async () => {
  created.length = 0
  vi.resetModules()
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ AsyncLocalStorage: RecordingStorage } as never)
  createAsyncScope = (await import('../src/async-scope')).createAsyncScope
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('a hundred scopes share one storage, which is disabled with the last of them', () => {
  const scopes = Array.from({ length: 100 }, () => createAsyncScope<number>({ count: 0 }))
  expect(created).toHaveLength(1)
  for (const scope of scopes.slice(1)) scope.disable()
  for (const scope of scopes.slice(1)) scope.disable()
  expect(created[0]?.disabled).toBe(0)
  scopes[0]?.disable()
  expect(created[0]?.disabled).toBe(1)
})

test('scopes inside each other keep their own values, across asynchronous calls', async () => {
  const [users, orders] = [createAsyncScope<string>({ count: 0 }), createAsyncScope<string>({ count: 0 })]
  const valuesNow = () => [users.getStore(), orders.getStore()]
  await users.run('a user', async () => {
    await orders.run('an order', async () => {
      await Promise.resolve()
      expect(valuesNow()).toEqual(['a user', 'an order'])
      users.run(undefined, () => expect(valuesNow()).toEqual([undefined, 'an order']))
      users.run('another user', () => expect(valuesNow()).toEqual(['another user', 'an order']))
    })
    expect(valuesNow()).toEqual(['a user', undefined])
  })
  expect(valuesNow()).toEqual([undefined, undefined])
})

test('work that starts itself again does not make the chain of values longer', () => {
  const [users, orders] = [createAsyncScope<number>({ count: 0 }), createAsyncScope<number>({ count: 0 })]
  const again = (turn: number): void => {
    if (turn < 50) users.run(turn, () => orders.run(turn, () => again(turn + 1)))
  }
  again(0)
  expect(Math.max(...(created[0]?.depths ?? []))).toBe(2)
})

test('a scope that is disabled runs work without a value, and leaves the others alone', () => {
  const [closed, open] = [createAsyncScope<string>({ count: 0 }), createAsyncScope<string>({ count: 0 })]
  closed.disable()
  open.run('open', () =>
    closed.run('closed', () => expect([closed.getStore(), open.getStore()]).toEqual([undefined, 'open'])),
  )
})

describe('a storage costs nothing while no scope is in use', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('it is disabled soon after the last use, and follows values again in the next', async () => {
    const [users, orders] = [createAsyncScope<string>({ count: 0 }), createAsyncScope<string>({ count: 0 })]
    users.beginUse()
    orders.beginUse()
    users.run('a user', () => orders.run('an order', () => undefined))
    orders.endUse()
    vi.advanceTimersByTime(1_000)
    expect(created[0]?.disabled).toBe(0)
    users.endUse()
    vi.advanceTimersByTime(1_000)
    expect(created[0]?.disabled).toBe(1)
    users.beginUse()
    const seen = await users.run('another user', async () => {
      await Promise.resolve()
      return users.getStore()
    })
    expect(seen).toBe('another user')
  })

  test('it is not disabled if the next use has begun by then, however long that takes', async () => {
    const scope = createAsyncScope<string>({ count: 0 })
    scope.beginUse()
    scope.endUse()
    scope.beginUse()
    const seen = scope.run('value', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return scope.getStore()
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect([await seen, created[0]?.disabled]).toEqual(['value', 0])
  })
})
