import type { MetricDefinition } from '@larder/core'

/** The metrics of a limiter. */
export const metrics = {
  requests: {
    kind: 'counter',
    name: 'ratelimit.requests',
    unit: '{request}',
    description: 'Requests, by whether they were admitted',
  },
  unavailable: {
    kind: 'counter',
    name: 'ratelimit.unavailable',
    unit: '{request}',
    description: 'Requests that were decided without Redis',
  },
  circuitOpen: {
    kind: 'gauge',
    name: 'ratelimit.circuit.open',
    unit: '{circuit}',
    description: '1 while Redis is left alone, after calls that failed',
  },
} as const satisfies Record<string, MetricDefinition>
