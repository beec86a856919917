import type { MetricDefinition } from '@larder/core'

/** The metrics of sessions. */
export const metrics = {
  reads: {
    kind: 'counter',
    name: 'session.reads',
    unit: '{read}',
    description:
      'Reads of sessions, by whether there was one; unreadable are those that do not fit the schema',
  },
  changes: {
    kind: 'counter',
    name: 'session.changes',
    unit: '{change}',
    description: 'Changes of sessions, by kind; conflicts are saves that wrote nothing',
  },
  unavailable: {
    kind: 'counter',
    name: 'session.unavailable',
    unit: '{call}',
    description: 'Calls that failed because Redis did not answer',
  },
  duration: {
    kind: 'histogram',
    name: 'session.duration',
    unit: 's',
    description: 'Time that calls took, by operation',
  },
  circuitOpen: {
    kind: 'gauge',
    name: 'session.circuit.open',
    unit: '{circuit}',
    description: '1 while Redis is left alone, after calls that failed',
  },
} as const satisfies Record<string, MetricDefinition>
