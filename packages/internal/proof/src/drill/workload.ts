import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@larder/core'
import type { Behaviour } from './behaviour'

/** Reads and invalidates as the behaviour of the moment says, until the process ends. */
export function startWorkload(cache: Cache, currentBehaviour: () => Behaviour): void {
  const load = cache.wrap(
    async function load(id: number) {
      const { sourceDelay, sourceFailures } = currentBehaviour()
      await sleep(sourceDelay)
      if (Math.random() < sourceFailures) throw new Error('the source fails')
      return { id }
    },
    { ttl: '4s' },
  )
  const list = cache.wrap(
    async function list(page: string) {
      await sleep(currentBehaviour().sourceDelay)
      return { page }
    },
    { ttl: () => (currentBehaviour().keepsNothing ? 0 : '4s'), tags: () => ['catalogue'] },
  )
  const pageOf = (turn: number) => `${turn % 5}${currentBehaviour().hasBadKeys ? Date.now() : ''}`

  repeat(
    () => currentBehaviour().readsPerSecond,
    (turn) => {
      ignore(load(turn % currentBehaviour().keys))
      if (turn % 5 === 0) ignore(list(pageOf(turn / 5)))
    },
  )
  repeat(
    () => 1,
    (turn) => ignore(cache.invalidate(`order:${turn % 10}`)),
  )
  repeat(
    () => currentBehaviour().broadInvalidations,
    () => ignore(cache.invalidate('catalogue')),
  )
  void blockRepeatedly(() => currentBehaviour().blockedFor)
}

/** Runs `task` so many times per second, in steps of 100 ms. */
function repeat(ratePerSecond: () => number, task: (turn: number) => void): void {
  let turn = 0
  let due = 0
  setInterval(() => {
    for (due += ratePerSecond() / 10; due >= 1; due -= 1) {
      task(turn)
      turn += 1
    }
  }, 100)
}

/** The failures are those that the drill causes. */
function ignore(call: Promise<unknown>): void {
  call.catch(() => undefined)
}

/** The pauses are random, so that they do not keep step with the scrapes. */
async function blockRepeatedly(duration: () => number): Promise<never> {
  for (;;) {
    await sleep(300 + Math.random() * 1_200)
    blockFor(duration())
  }
}

/** Blocks the event loop, as a long computation does. */
function blockFor(duration: number): void {
  const end = performance.now() + duration
  while (performance.now() < end);
}
