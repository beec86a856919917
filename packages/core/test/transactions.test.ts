import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createCache } from '../src/index'
import { manualClock } from './support/manual-clock'
import { mapStore } from './support/map-tier'

/** A cache that holds a value of each of the tags, and a promise that the test settles. */
async function cacheWith(...tags: readonly string[]) {
  const cache = createCache({ name: 'test', store: mapStore(), clock: manualClock() })
  for (const tag of tags) await cache.set(tag, 'old', { tags: [tag] })
  return cache
}

function createGate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('work that outlives the transaction that started it', () => {
  test('invalidates at once, while another transaction is open', async () => {
    const cache = await cacheWith('user:7')
    const [ended, other] = [createGate(), createGate()]
    let work: Promise<unknown> = Promise.resolve()
    await cache.transaction(async () => {
      work = ended.opened.then(() => cache.invalidate('user:7'))
    })
    const open = cache.transaction(() => other.opened)
    ended.open()
    expect(await work).toMatchObject({ outcome: 'applied' })
    expect(await cache.has('user:7')).toBe(false)
    other.open()
    await open
  })

  test('can have a transaction of its own, which waits for its own commit', async () => {
    const cache = await cacheWith('user:7')
    const [ended, committing] = [createGate(), createGate()]
    let work: Promise<unknown> = Promise.resolve()
    await cache.transaction(async () => {
      work = ended.opened.then(() =>
        cache.transaction(async () => {
          expect(await cache.invalidate('user:7')).toMatchObject({ outcome: 'deferred' })
          await committing.opened
        }),
      )
    })
    ended.open()
    expect(await cache.has('user:7')).toBe(true)
    committing.open()
    await work
    expect(await cache.has('user:7')).toBe(false)
  })

  test('and that began a transaction inside it keeps its invalidations until it commits', async () => {
    const cache = await cacheWith('user:7')
    const committing = createGate()
    let work: Promise<unknown> = Promise.resolve()
    await cache.transaction(async () => {
      work = cache.transaction(async () => {
        await committing.opened
        await cache.invalidate('user:7')
        expect(cache.peek('user:7')?.state).toBe('fresh')
      })
    })
    committing.open()
    await work
    expect(await cache.has('user:7')).toBe(false)
  })

  test('caches what it reads', async () => {
    const cache = await cacheWith()
    const [ended, other] = [createGate(), createGate()]
    let work: Promise<unknown> = Promise.resolve()
    await cache.transaction(async () => {
      work = ended.opened.then(() => cache.getOrCompute('k', () => 1))
    })
    const open = cache.transaction(() => other.opened)
    ended.open()
    await work
    other.open()
    await open
    expect(await cache.get('k')).toBe(1)
  })
})

describe('a change feed', () => {
  test('that was started inside a transaction invalidates while another one is open', async () => {
    const cache = await cacheWith('user:7')
    const [event, other] = [createGate(), createGate()]
    async function* changes() {
      await event.opened
      yield 'user:7'
    }
    let done: Promise<void> = Promise.resolve()
    await cache.transaction(async () => {
      done = cache.follow(changes(), (tag) => tag).done
    })
    const open = cache.transaction(() => other.opened)
    event.open()
    await done
    expect(await cache.has('user:7')).toBe(false)
    other.open()
    await open
  })

  test('whose event is emitted in a transaction that rolls back has invalidated all the same', async () => {
    const cache = await cacheWith('user:7')
    const bus = new EventEmitter()
    cache.follow(bus, (tag: string) => tag, 'changed')
    const rolledBack = cache.transaction(
      async () => {
        bus.emit('changed', 'user:7')
        throw new Error('constraint')
      },
      { rolledBack: () => true },
    )
    await expect(rolledBack).rejects.toThrow('constraint')
    expect(await cache.has('user:7')).toBe(false)
  })
})

describe('a transaction that fails', () => {
  const fail = async (work: () => Promise<unknown>) => {
    await work()
    throw new Error('connection lost')
  }

  test('may have committed: what it invalidated is not served, and what it set is not stored', async () => {
    const cache = await cacheWith('user:7')
    const failing = cache.transaction(() =>
      fail(async () => {
        await cache.invalidate('user:7')
        await cache.set('derived', 'perhaps committed')
      }),
    )
    await expect(failing).rejects.toThrow('connection lost')
    expect(await cache.has('user:7')).toBe(false)
    expect(await cache.has('derived')).toBe(false)
  })

  test('and proves to have rolled back invalidates nothing', async () => {
    const cache = await cacheWith('user:7')
    const rolledBack = (error: unknown) => error instanceof Error && error.message === 'connection lost'
    const failing = cache.transaction(() => fail(() => cache.invalidate('user:7')), { rolledBack })
    await expect(failing).rejects.toThrow('connection lost')
    expect(await cache.has('user:7')).toBe(true)
  })

  test('rejects with its own error if `rolledBack` throws, and invalidates', async () => {
    const cache = await cacheWith('user:7')
    const rolledBack = () => {
      throw new Error('no proof')
    }
    const failing = cache.transaction(() => fail(() => cache.invalidate('user:7')), { rolledBack })
    await expect(failing).rejects.toThrow('connection lost')
    expect(await cache.has('user:7')).toBe(false)
  })

  test('inside another one invalidates when that one commits', async () => {
    const cache = await cacheWith('user:7')
    await cache.transaction(async () => {
      await cache.transaction(() => fail(() => cache.invalidate('user:7'))).catch(() => undefined)
      expect(cache.peek('user:7')?.state).toBe('fresh')
    })
    expect(await cache.has('user:7')).toBe(false)
  })
})

describe('a write that fails after it was carried out', () => {
  test('invalidates its tags', async () => {
    const cache = await cacheWith('user:7')
    const update = cache.wrapWrite(
      async (_id: number) => Promise.reject(new Error('timeout')),
      ([id]) => `user:${id}`,
    )
    await expect(update(7)).rejects.toThrow('timeout')
    expect(await cache.has('user:7')).toBe(false)
  })

  test('rejects with its own error if its tags are made of the result, and reports that', async () => {
    const cache = await cacheWith('user:7')
    const errors: string[] = []
    cache.on('error', ({ operation }) => errors.push(operation))
    const update = cache.wrapWrite(
      async (): Promise<{ id: number }> => Promise.reject(new Error('timeout')),
      (_, user) => {
        if (user === undefined) throw new Error('no result')
        return `user:${user.id}`
      },
    )
    await expect(update()).rejects.toThrow('timeout')
    expect(errors).toEqual(['wrapWrite'])
  })
})

describe('a transaction whose end the application reports', () => {
  test('invalidates when it commits, and not before', async () => {
    const cache = await cacheWith('user:7')
    const transaction = cache.beginTransaction()
    expect(await transaction.run(() => cache.invalidate('user:7'))).toMatchObject({ outcome: 'deferred' })
    expect(await cache.has('user:7')).toBe(true)
    await transaction.commit()
    expect(await cache.has('user:7')).toBe(false)
  })

  test.each([
    ['rollback', true],
    ['inDoubt', false],
  ] as const)('keeps what was cached after %s: %s', async (ending, isKept) => {
    const cache = await cacheWith('user:7')
    const transaction = cache.beginTransaction()
    await transaction.run(() => cache.invalidate('user:7'))
    await transaction[ending]()
    // Only the first end counts.
    await transaction.commit()
    expect(await cache.has('user:7')).toBe(isKept)
  })
})

describe('work after the commit', () => {
  test('waits for the outermost transaction', async () => {
    const cache = await cacheWith()
    const steps: string[] = []
    await cache.transaction(async () => {
      await cache.transaction(() => cache.afterCommit(() => steps.push('mail')))
      steps.push('committed')
    })
    expect(steps).toEqual(['committed', 'mail'])
  })

  test('does not run if the transaction fails, and runs at once outside of one', async () => {
    const cache = await cacheWith()
    const steps: string[] = []
    const failing = cache.transaction(async () => {
      await cache.afterCommit(() => steps.push('mail'))
      throw new Error('constraint')
    })
    await expect(failing).rejects.toThrow('constraint')
    expect(steps).toEqual([])
    await cache.afterCommit(() => steps.push('now'))
    expect(steps).toEqual(['now'])
  })

  test('that fails does not make the committed transaction look failed', async () => {
    const cache = await cacheWith()
    const errors: string[] = []
    cache.on('error', ({ operation }) => errors.push(operation))
    const send = () => Promise.reject(new Error('mail server down'))
    await cache.transaction(async () => {
      await cache.afterCommit(send)
    })
    expect(errors).toEqual(['afterCommit'])
    await expect(cache.afterCommit(send)).rejects.toThrow('mail server down')
  })
})

test('a link that would close a cycle with another one of the same transaction is rejected at the call', async () => {
  const cache = await cacheWith()
  await cache.transaction(async () => {
    await cache.link('a', 'b')
    await expect(cache.link('b', 'a')).rejects.toMatchObject({ code: 'TAG_CYCLE' })
    await cache.unlink('a', 'b')
    await cache.link('b', 'a')
  })
  expect(cache.graph()).toEqual([{ child: 'b', parent: 'a' }])
})
