import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cache, createCache } from '../src/index'
import { flushPromises, manualClock } from './support/manual-clock'
import { createWire, createWorld } from './support/world'

/** A step of a run, in any order: of two processes, two keys and the source behind them. */
type Step =
  | { readonly kind: 'read'; readonly process: 0 | 1; readonly key: 0 | 1; readonly late: boolean }
  | { readonly kind: 'release'; readonly nth: number }
  | {
      readonly kind: 'write'
      readonly process: 0 | 1
      readonly key: 0 | 1
      readonly how: 'invalidate' | 'delete' | 'clear'
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'deafen'; readonly process: 0 | 1; readonly isDeaf: boolean }
  | { readonly kind: 'cut'; readonly process: 0 | 1; readonly isCut: boolean }

const process = fc.constantFrom(0, 1)
const key = fc.constantFrom(0, 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read'), process, key, late: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('release'), nth: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('write'),
      process,
      key,
      how: fc.constantFrom('invalidate', 'delete', 'clear'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 50, 700, 2_500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deafen'), process, isDeaf: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), process, isCut: fc.boolean() }) },
) as fc.Arbitrary<Step>

const maxStaleness = 2_000

/** A write, and since when it has been acknowledged: to its own process, and to all. */
interface Write {
  readonly process: number
  readonly key: number
  readonly version: number
  readonly at: number
  readonly isApplied: boolean
}

async function story(steps: readonly Step[]): Promise<void> {
  const clock = manualClock()
  const world = createWorld(clock)
  const wires = [createWire(), createWire()] as const
  const caches = wires.map((own) =>
    createCache({
      name: 'test',
      store: world.store({ wire: own }),
      clock,
      storeTimeout: 20,
      ttl: '1h',
      hardTimeout: '10m',
    }),
  )
  await clock.advance(100)
  const source = [0, 0]
  const computing: (() => void)[] = []
  const writes: Write[] = []
  const reads: Promise<void>[] = []

  /** The source is read at once; its answer arrives when the story says so. */
  const compute = (at: number, late: boolean) => async (context: { tag(...tags: string[]): void }) => {
    const version = source[at] ?? 0
    await new Promise<void>((resolve) => computing.push(resolve))
    if (late) context.tag(`tag:${at}`)
    return version
  }

  function read({ process: at, key: which, late }: Extract<Step, { kind: 'read' }>): void {
    const start = clock.monotonic()
    const owed = writes
      .filter(
        (write) =>
          write.key === which &&
          (write.process === at || (write.isApplied && write.at < start - maxStaleness)),
      )
      .reduce((newest, { version }) => Math.max(newest, version), 0)
    const options = late ? {} : { tags: [`tag:${which}`] }
    const value = caches[at]!.getOrCompute(`key:${which}`, compute(which, late), options)
    reads.push(value.then((seen) => expect(seen).toBeGreaterThanOrEqual(owed)))
  }

  async function write({ process: at, key: which, how }: Extract<Step, { kind: 'write' }>): Promise<void> {
    const version = (source[which] ?? 0) + 1
    source[which] = version
    const cache = caches[at] as Cache
    const invalidating =
      how === 'clear'
        ? cache.clear()
        : how === 'delete'
          ? cache.delete(`key:${which}`)
          : cache.invalidate(`tag:${which}`)
    await clock.advance(20)
    const { outcome } = await invalidating
    writes.push({ process: at, key: which, version, at: clock.monotonic(), isApplied: outcome === 'applied' })
  }

  for (const next of steps) {
    if (next.kind === 'read') read(next)
    if (next.kind === 'release') computing.splice(next.nth % Math.max(1, computing.length), 1)[0]?.()
    if (next.kind === 'write') await write(next)
    if (next.kind === 'wait') await clock.advance(next.ms)
    if (next.kind === 'deafen') wires[next.process].isDeaf = next.isDeaf
    if (next.kind === 'cut') wires[next.process].mode = next.isCut ? 'fail' : 'work'
    await flushPromises()
  }
  let isOver = false
  const ended = Promise.all(reads).finally(() => {
    isOver = true
  })
  ended.catch(() => undefined)
  for (let turn = 0; !isOver && turn < 100; turn += 1) {
    for (const release of computing.splice(0)) release()
    await clock.advance(100)
  }
  expect(isOver).toBe(true)
  await ended
  const closing = Promise.all(caches.map((cache) => cache.close()))
  await clock.advance(1_000)
  await closing
}

test('every read reflects each invalidation that its bound covers, in any order of events', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), story), {
    numRuns: Number(globalThis.process.env.PROPERTY_RUNS ?? 1_000),
  })
})
