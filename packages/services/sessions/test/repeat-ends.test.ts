import { virtualClock } from '@larder/testing'
import { expect, test } from 'vitest'
import { createMemorySessions } from '../src/store/memory-sessions'
import { repeatEnds } from '../src/store/repeat-ends'
import { tombstoneLife } from '../src/store/session-store'

const times = { idle: 86_400_000, absolute: 86_400_000, precision: 60_000 }

/** A store that counts its repetitions by the second, and fails them as long as it is away. */
function createStore() {
  const clock = virtualClock()
  const memory = createMemorySessions({ clock, times, onConflict: 'last' })
  const startedAt = clock.now()
  const seconds: number[] = []
  const state = { isAway: false, onRepeat: () => {} }
  const { store, cancel } = repeatEnds(
    {
      ...memory,
      async endMany(ends) {
        seconds.push(Math.round((clock.now() - startedAt) / 1_000))
        state.onRepeat()
        if (state.isAway) throw new Error('away')
        return memory.endMany(ends)
      },
    },
    clock,
  )
  return { clock, store, cancel, seconds, state }
}

test('an end is repeated after 2, 6 and 31 seconds', async () => {
  const { clock, store, seconds } = createStore()
  await store.end({ handle: 'h' })
  await clock.advance(tombstoneLife)
  expect(seconds).toEqual([2, 6, 31])
})

test('a repetition that fails is tried every ten seconds for an hour, by one schedule', async () => {
  const { clock, store, seconds, state } = createStore()
  state.isAway = true
  await store.end({ handle: 'h' })
  await clock.advance(2 * tombstoneLife)
  const pauses = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0))
  expect(new Set(pauses)).toEqual(new Set([10]))
  expect(seconds.at(-1)).toBeGreaterThan(3_500)
})

test('the repetitions after one that failed go on when the server is back', async () => {
  const { clock, store, seconds, state } = createStore()
  state.isAway = true
  await store.end({ handle: 'h' })
  await clock.advance(40_000)
  state.isAway = false
  await clock.advance(tombstoneLife)
  expect(seconds).toEqual([2, 12, 22, 32, 42, 46, 71])
})

test('nothing is repeated once it is cancelled, not even a repetition under way that fails', async () => {
  const { clock, store, cancel, seconds, state } = createStore()
  state.isAway = true
  state.onRepeat = cancel
  await store.end({ handle: 'h' })
  await clock.advance(tombstoneLife)
  expect(seconds).toEqual([2])
})
