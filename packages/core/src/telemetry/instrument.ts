import type { CacheEventName, CacheEvents } from '../contracts/events'
import type { CacheStats } from '../contracts/stats'

type Labels = Readonly<Record<string, string>>
type Observe = (value: number, labels?: Labels) => void

/** A number that is read when a collector asks for it, so that measuring costs nothing in between. */
export interface Reading {
  readonly kind: 'counter' | 'gauge'
  /** OpenTelemetry name, such as `cache.requests`. */
  readonly name: string
  /** UCUM unit, such as `s`, `By` or `{request}`. */
  readonly unit: string
  readonly description: string
  read(stats: CacheStats, observe: Observe): void
}

/** A histogram of values taken from events. */
export interface Distribution<N extends CacheEventName = CacheEventName> {
  readonly kind: 'histogram'
  readonly name: string
  readonly unit: string
  readonly description: string
  /** Upper bounds of the buckets. */
  readonly bounds: readonly number[]
  readonly event: N
  measure(event: CacheEvents[N]): { readonly value: number; readonly labels?: Labels }
}

/** A metric of a cache. Labels never contain keys. */
export type Instrument = Reading | Distribution

const defineReading =
  (kind: Reading['kind']) =>
  (name: string, unit: string, description: string, read: Reading['read']): Reading => ({
    kind,
    name,
    unit,
    description,
    read,
  })
export const counter = defineReading('counter')
export const gauge = defineReading('gauge')

/** A reading of each of several parts of a cache, with the name of the part as a label. */
const definePerPart =
  <T>(label: string, listParts: (stats: CacheStats) => readonly (readonly [name: string, part: T])[]) =>
  (kind: Reading['kind']) =>
  (name: string, unit: string, description: string, read: (part: T, observe: Observe) => void): Reading =>
    defineReading(kind)(name, unit, description, (stats, observe) => {
      for (const [partName, part] of listParts(stats))
        read(part, (value, labels) => observe(value, { [label]: partName, ...labels }))
    })

/** A reading of each server of the store. All processes have the same figures. */
const definePerServer = definePerPart('cache.server', ({ servers }) =>
  servers.map((usage) => [usage.server, usage] as const),
)
export const counterPerServer = definePerServer('counter')
export const gaugePerServer = definePerServer('gauge')

/** A reading of each function: twenty series of all of them together. */
const definePerFunction = definePerPart('cache.function', ({ functions }) => Object.entries(functions))
export const counterPerFunction = definePerFunction('counter')
export const gaugePerFunction = definePerFunction('gauge')

/** The buckets that OpenTelemetry recommends for database calls, in seconds, and 0.2, the threshold of an alert. */
const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 10]
const bytes = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]

export function defineDistribution<N extends CacheEventName>(
  name: string,
  unit: 's' | 'By',
  description: string,
  event: N,
  measure: Distribution<N>['measure'],
): Distribution {
  const bounds = unit === 's' ? seconds : bytes
  return { kind: 'histogram', name, unit, description, bounds, event, measure } as unknown as Distribution
}

/** Observes each count with its name as a label. */
export const observeByName = (counts: Readonly<Record<string, number>>, label: string, observe: Observe) => {
  for (const [name, count] of Object.entries(counts)) observe(count, { [label]: name })
}
