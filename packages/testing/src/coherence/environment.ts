import type { Store } from '@larder/core'
import { seededRandom } from '../clock/seeded-random'
import { type VirtualClock, virtualClock } from '../clock/virtual-clock'
import { createFakeServer } from '../server/fake-server'
import type { Connection } from '../simulation/connection'
import { remoteStore } from '../simulation/remote-store'
import { createSubscriptions } from '../simulation/subscriptions'

/** The test environment of one scenario: a remote store that can fail, in virtual time. */
export interface Environment {
  readonly store: Store
  readonly clock: VirtualClock
  /** `work`: calls of the store succeed. `fail`: they reject. `hang`: they never settle. */
  mode: 'work' | 'fail' | 'hang'
}

/** Creates an environment whose random numbers are the same each time. */
export function createEnvironment(): Environment {
  const random = seededRandom(1)
  const clock = virtualClock({ random })
  const subscriptions = createSubscriptions()
  let nonces = 0
  const server = createFakeServer({
    maxRecords: 1_000,
    keyRetention: 3_600_000,
    pageSize: 100,
    now: clock.now,
    monotonic: clock.monotonic,
    nextNonce() {
      nonces += 1
      return nonces
    },
    onAppend: subscriptions.deliverMessage,
    onRelease: subscriptions.notifyRelease,
  })

  async function callServer<T>(work: () => T): Promise<T> {
    const { mode } = environment
    await new Promise<void>((resolve) => void clock.timeout(3 * random(), resolve))
    if (mode === 'hang') return new Promise(() => undefined)
    if (mode === 'fail') throw new Error('The store is down.')
    return work()
  }
  const connection: Connection = {
    callServer,
    callLog: callServer,
    push: (deliver) => deliver(),
    resetConnection: () => undefined,
    close: () => undefined,
  }
  const environment: Environment = {
    store: remoteStore(() => server, connection, subscriptions),
    clock,
    mode: 'work',
  }
  return environment
}
