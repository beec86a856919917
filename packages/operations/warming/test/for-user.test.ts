import { describe, expect, test, vi } from 'vitest'
import { warmForUser } from '../src/index'
import { cacheInVirtualTime, gate } from './support/caches'

describe('warming for a user', () => {
  test('runs the tasks of that user', async () => {
    const { cache } = cacheInVirtualTime()
    const load = vi.fn()
    const report = await warmForUser(cache, 'ada', (id) => [() => load(id, 'cart'), () => load(id, 'name')])
      .done
    expect(report).toMatchObject({ done: 2, wasStopped: false })
    expect(load.mock.calls).toEqual([
      ['ada', 'cart'],
      ['ada', 'name'],
    ])
  })

  test('is shared while it goes on, and done again afterwards', async () => {
    const { cache } = cacheInVirtualTime()
    const tasksOf = vi.fn(async () => [() => 1])
    const [one, other] = [warmForUser(cache, 'ada', tasksOf), warmForUser(cache, 'ada', tasksOf)]
    expect(other.done).toBe(one.done)
    await one.done
    expect(tasksOf).toHaveBeenCalledTimes(1)
    await warmForUser(cache, 'ada', tasksOf).done
    expect(tasksOf).toHaveBeenCalledTimes(2)
  })

  test('is done for so many users at a time, the others in their order', async () => {
    const { cache } = cacheInVirtualTime()
    const slow = gate()
    const started: string[] = []
    let running = 0
    let most = 0
    const tasksOf = (id: string) => {
      started.push(id)
      running += 1
      most = Math.max(most, running)
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
    expect(most).toBe(2)
  })

  test('is not done for those whose line is too long', async () => {
    const { cache } = cacheInVirtualTime()
    const slow = gate()
    const options = { maxUsers: 1, maxWaiting: 1 }
    const warmings = ['a', 'b', 'c'].map((id) => warmForUser(cache, id, () => [() => slow.opened], options))
    expect(await warmings[2]?.done).toMatchObject({ done: 0, wasStopped: true })
    slow.open()
    expect(await warmings[1]?.done).toMatchObject({ done: 1 })
  })

  test('can be stopped, in the line and under way', async () => {
    const { cache } = cacheInVirtualTime()
    const slow = gate()
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

  test('that has no tasks to be had fails for those who look, and makes place for others', async () => {
    const { cache } = cacheInVirtualTime()
    const fail = () => Promise.reject(new Error('no such user'))
    await expect(warmForUser(cache, 'a', fail, { maxUsers: 1 }).done).rejects.toThrow('no such user')
    warmForUser(cache, 'a', fail, { maxUsers: 1 })
    expect(await warmForUser(cache, 'b', () => [() => 1], { maxUsers: 1 }).done).toMatchObject({ done: 1 })
  })

  test('with no places is refused', () => {
    const { cache } = cacheInVirtualTime()
    expect(() => warmForUser(cache, 'a', () => [], { maxUsers: 0 })).toThrow('maxUsers: 0 is no whole number')
  })
})
