import type { Service } from './service'

/** Something that happens to a service, and the alerts about it. */
export interface Incident {
  readonly name: string
  /** How long it lasts, in seconds, at a time scale of 0.02. */
  readonly seconds: number
  /** Alerts that have to fire. */
  readonly expected: readonly string[]
  /** Alerts that may fire, because the incident has this consequence as well on some machines. All others are wrong. */
  readonly tolerated?: readonly string[]
  cause(service: Service): unknown
}

/** Reads compute while memory cannot be proven current, and every caller of the store waits. */
const consequencesOfOutage = [
  'LarderHitRatioLow',
  'LarderFunctionNeverHits',
  'LarderChurn',
  'LarderStoreSlow',
  'LarderSourceSlow',
]

/** The incidents of a drill, in their order. */
export const incidents: readonly Incident[] = [
  { name: 'nothing happens', seconds: 30, expected: [], cause: () => undefined },
  {
    name: 'Redis is down',
    seconds: 30,
    expected: [
      'LarderStoreDown',
      'LarderCircuitOpen',
      'LarderNotCurrent',
      'LarderErrors',
      'LarderOutboxGrowing',
    ],
    // It comes back empty.
    tolerated: [...consequencesOfOutage, 'LarderLogDiverged'],
    cause: ({ redis }) => redis.kill(),
  },
  {
    name: 'a function gets a bad key',
    seconds: 40,
    expected: ['LarderFunctionNeverHits'],
    tolerated: ['LarderChurn'],
    cause: ({ behave }) => behave({ hasBadKeys: true }),
  },
  {
    name: 'the source takes 1.5 s',
    seconds: 40,
    expected: ['LarderSourceSlow'],
    cause: ({ behave }) => behave({ sourceDelay: 1_500 }),
  },
  {
    name: 'the source fails in half of its calls',
    seconds: 40,
    expected: ['LarderSourceFailing', 'LarderReadsFail'],
    tolerated: ['LarderReadsFailSlowly'],
    cause: ({ behave }) => behave({ sourceFailures: 0.5 }),
  },
  {
    name: 'one process invalidates a broad tag 50 times per second',
    seconds: 25,
    expected: ['LarderInvalidationStorm'],
    tolerated: ['LarderFunctionNeverHits'],
    cause: ({ behaveAlone }) => behaveAlone({ broadInvalidations: 50 }),
  },
  {
    name: 'the values of a function are not kept',
    seconds: 50,
    expected: ['LarderNothingKept', 'LarderFunctionNeverHits'],
    cause: ({ behave }) => behave({ keepsNothing: true }),
  },
  {
    name: 'memory is too small for the keys in use',
    seconds: 50,
    expected: ['LarderChurn'],
    tolerated: ['LarderHitRatioLow', 'LarderFunctionNeverHits'],
    cause: ({ behave }) => behave({ keys: 100_000 }),
  },
  {
    name: 'one process is blocked again and again',
    seconds: 40,
    expected: ['LarderProcessBlocked'],
    tolerated: [
      'LarderNotCurrent',
      'LarderErrors',
      'LarderStoreSlow',
      'LarderCircuitOpen',
      'LarderSourceSlow',
    ],
    cause: ({ behaveAlone }) => behaveAlone({ blockedFor: 900 }),
  },
  {
    name: 'one process is cut off from Redis for 70 s',
    seconds: 70,
    expected: ['LarderCircuitOpen', 'LarderNotCurrent', 'LarderErrors', 'LarderOutboxGrowing'],
    tolerated: consequencesOfOutage,
    cause: ({ network }) => network.cut(),
  },
  {
    name: 'Redis is full',
    seconds: 30,
    expected: ['LarderCircuitOpen', 'LarderErrors', 'LarderWritesRefused'],
    // The figures of the server are up to half a minute old.
    tolerated: [...consequencesOfOutage, 'LarderRedisMemory'],
    cause: ({ redis }) => redis.command('CONFIG', 'SET', 'maxmemory', '1'),
  },
  {
    name: 'a night without reads',
    seconds: 30,
    expected: [],
    cause: ({ behave }) => behave({ readsPerSecond: 0 }),
  },
  {
    name: 'the processes are gone',
    seconds: 30,
    expected: ['LarderMetricsMissing'],
    cause: ({ endProcesses }) => endProcesses(),
  },
]
