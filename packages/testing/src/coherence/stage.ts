import type { Store } from '@larder/core'
import { seededRandom } from '../clock/random'
import { type VirtualClock, virtualClock } from '../clock/virtual-clock'
import { createServer } from '../server/server'
import type { Connection } from '../simulation/connection'
import { remoteStore } from '../simulation/remote-store'
import { createSubscriptions } from '../simulation/subscriptions'

/** What a story is played on: a store at the end of a wire, in virtual time. */
export interface Stage {
  readonly store: Store
  readonly clock: VirtualClock
  /** `fail`: calls of the store reject. `hang`: they do not settle. */
  mode: 'work' | 'fail' | 'hang'
}

export function setStage(): Stage {
  const random = seededRandom(1)
  const clock = virtualClock({ random })
  const subscriptions = createSubscriptions()
  let nonces = 0
  const server = createServer({
    maxRecords: 1_000,
    keyRetention: 3_600_000,
    pageSize: 100,
    now: clock.now,
    monotonic: clock.monotonic,
    nonce() {
      nonces += 1
      return `n${nonces}`
    },
    onAppend: subscriptions.deliver,
    onRelease: subscriptions.wake,
  })

  const connection: Connection = {
    async call(work) {
      const { mode } = stage
      await new Promise<void>((resolve) => void clock.timeout(3 * random(), resolve))
      if (mode === 'hang') return new Promise(() => undefined)
      if (mode === 'fail') throw new Error('The store is down.')
      return work()
    },
    push: (deliver) => deliver(),
    reset: () => undefined,
  }
  const stage: Stage = { store: remoteStore(server, connection, subscriptions), clock, mode: 'work' }
  return stage
}
