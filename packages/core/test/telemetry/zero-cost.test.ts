import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { metrics, trace } from '@opentelemetry/api'
import { expect, expectTypeOf, test, vi } from 'vitest'
import { createCache } from '../../src/index'
import type { MetricsApi, TelemetryOptions, TraceApi } from '../../src/telemetry/open-telemetry'
import { manualClock } from '../support/manual-clock'
import { createWorld } from '../support/world'

const emitted = vi.hoisted(() => [] as string[])

vi.mock(import('../../src/telemetry/emitter'), async (original) => {
  const actual = await original()
  return {
    ...actual,
    createEmitter(cache, print) {
      const emitter = actual.createEmitter(cache, print)
      return {
        ...emitter,
        emit(name, event) {
          emitted.push(name)
          emitter.emit(name, event)
        },
      }
    },
  }
})

async function useEverything(isListening: boolean): Promise<void> {
  const clock = manualClock()
  const own = { mode: 'work' as 'work' | 'fail', isDeaf: false, calls: {} }
  const cache = createCache({ name: 'test', store: createWorld(clock).store({ wire: own }), clock })
  if (isListening)
    for (const name of ['hit', 'miss', 'compute', 'store', 'error'] as const) cache.on(name, () => {})
  await clock.advance(1_000)
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  await cache.invalidate('t')
  await cache.delete('k')
  own.mode = 'fail'
  await cache.getOrCompute('k', () => 1)
  await clock.advance(1_000)
  await cache.close()
}

test('a cache without listeners creates no events', async () => {
  await useEverything(false)
  expect(emitted).toEqual([])
  await useEverything(true)
  expect(new Set(emitted)).toEqual(new Set(['hit', 'miss', 'compute', 'store', 'error']))
})

test('the exports of @opentelemetry/api are assignable to TelemetryOptions', () => {
  expectTypeOf(metrics).toExtend<MetricsApi>()
  expectTypeOf(trace).toExtend<TraceApi>()
  expectTypeOf({ metrics, trace }).toExtend<TelemetryOptions>()
})

test('neither code nor declarations import @opentelemetry/api', () => {
  const root = join(import.meta.dirname, '../../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const importing = files.filter((name) =>
    /^(?!\s*\*).*(from|import\() ?'@opentelemetry/m.test(readFileSync(join(root, name), 'utf8')),
  )
  expect(files.length).toBeGreaterThan(10)
  expect(importing).toEqual([])
})
