import { expect, test } from 'vitest'
import { createSharedSingleFlight } from '../src/compute/shared-single-flight'
import type { Lease } from '../src/contracts/lease'
import type { Policy } from '../src/resilience/policy'
import { createTracing } from '../src/telemetry/tracing'
import { flushPromises, manualClock } from './support/manual-clock'

test('a lease is not renewed again if the last renewal is answered after the computation has ended', async () => {
  const clock = manualClock()
  const answers: ((held: boolean) => void)[] = []
  const lease: Lease = {
    token: 'mine',
    renew: () => new Promise((resolve) => answers.push(resolve)),
    release: async () => undefined,
  }
  const coordinator = createSharedSingleFlight({
    leases: { acquire: async () => ({ outcome: 'granted', lease }), onRelease: () => () => undefined },
    policy: { execute: (_, call) => call() } as Policy,
    clock,
    leaseTtl: 3_000,
    tracing: createTracing('test', undefined),
  })
  let finish: (value: string) => void = () => undefined
  const taken = coordinator.computeOnce({
    key: 'k',
    asOf: 1,
    notBefore: 0,
    known: undefined,
    abort: { reason: undefined },
    isAwaitedInside: () => false,
    onBusy: () => undefined,
    computeWith: () =>
      new Promise<string>((resolve) => {
        finish = resolve
      }),
    adoptStored: async () => undefined,
  })
  await clock.advance(1_000)
  expect(answers).toHaveLength(1)
  finish('done')
  expect(await taken).toBe('done')
  answers[0]!(true)
  await flushPromises()
  await clock.advance(10_000)
  expect(answers).toHaveLength(1)
})
