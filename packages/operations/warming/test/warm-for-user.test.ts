import { describe, expect, test, vi } from 'vitest'
import { warmForUser } from '../src/index'
import { createGate, createVirtualCache } from './support/caches'

describe('warming for a user', () => {
  test('runs the tasks of the user', async () => {
    const { cache } = createVirtualCache()
    const load = vi.fn()
    const report = await warmForUser(cache, 'ada', (id) => [() => load(id, 'cart'), () => load(id, 'name')])
      .done
    expect(report).toMatchObject({ done: 2, wasStopped: false })
    expect(load.mock.calls).toEqual([
      ['ada', 'cart'],
      ['ada', 'name'],
    ])
  })

  test('is shared by calls for the same user while it is in progress', async () => {
    const { cache } = createVirtualCache()
    const tasksOf = vi.fn(async () => [() => 1])
    const [one, other] = [warmForUser(cache, 'ada', tasksOf), warmForUser(cache, 'ada', tasksOf)]
    expect(other.done).toBe(one.done)
    await one.done
    expect(tasksOf).toHaveBeenCalledTimes(1)
    await warmForUser(cache, 'ada', tasksOf).done
    expect(tasksOf).toHaveBeenCalledTimes(2)
  })

  test('runs for maxUsers users at a time, and for the others in order', async () => {
    const { cache } = createVirtualCache()
    const slow = createGate()
    const started: string[] = []
    let running = 0
    let mostRunning = 0
    const tasksOf = (id: string) => {
      started.push(id)
      running += 1
      mostRunning = Math.max(mostRunning, running)
      return [
        () =>
          slow.opened.then(() => {
            running -= 1
          }),
      ]
    }
    const ids = ['a', 'b', 'c', 'd', 'e']
    const warmings = ids.map((id) => warmForUser(cache, id, tasksOf, { maxUsers: 2 }))
    await Promise.resolve()
    expect(started).toEqual(['a', 'b'])
    slow.open()
    await Promise.all(warmings.map(({ done }) => done))
    expect(started).toEqual(ids)
    expect(mostRunning).toBe(2)
  })

  test('runs no tasks for a user beyond maxWaiting', async () => {
    const { cache } = createVirtualCache()
    const slow = createGate()
    const options = { maxUsers: 1, maxWaiting: 1 }
    const warmings = ['a', 'b', 'c'].map((id) => warmForUser(cache, id, () => [() => slow.opened], options))
    expect(await warmings[2]?.done).toMatchObject({ done: 0, wasStopped: true })
    slow.open()
    expect(await warmings[1]?.done).toMatchObject({ done: 1 })
  })

  test('can be stopped while it is queued and while it runs', async () => {
    const { cache } = createVirtualCache()
    const slow = createGate()
    const next = vi.fn()
    const options = { maxUsers: 1, concurrency: 1 }
    const first = warmForUser(cache, 'a', () => [() => slow.opened, next], options)
    const second = warmForUser(cache, 'b', () => [next], options)
    const third = warmForUser(cache, 'c', () => [() => 1], options)
    second.stop()
    expect(await second.done).toMatchObject({ done: 0, wasStopped: true })
    first.stop()
    slow.open()
    expect(await first.done).toMatchObject({ done: 1, wasStopped: true })
    expect(await third.done).toMatchObject({ done: 1, wasStopped: false })
    expect(next).not.toHaveBeenCalled()
  })

  test('rejects when its tasks cannot be created, and lets other users run', async () => {
    const { cache } = createVirtualCache()
    const fail = () => Promise.reject(new Error('no such user'))
    await expect(warmForUser(cache, 'a', fail, { maxUsers: 1 }).done).rejects.toThrow('no such user')
    warmForUser(cache, 'a', fail, { maxUsers: 1 })
    expect(await warmForUser(cache, 'b', () => [() => 1], { maxUsers: 1 }).done).toMatchObject({ done: 1 })
  })

  test('rejects a maxUsers of 0', () => {
    const { cache } = createVirtualCache()
    expect(() => warmForUser(cache, 'a', () => [], { maxUsers: 0 })).toThrow(
      'warmForUser: maxUsers must be a whole number above 0, such as 1000; got 0',
    )
  })
})
