import type { Service, ServiceReading } from '@larder/core'

/** A metric of a service in this process, without its histograms. */
export interface Reading extends Pick<ServiceReading, 'kind' | 'name' | 'unit' | 'description'> {
  /** By the values of its labels, such as `refused`; under an empty name if it has none. */
  readonly values: Readonly<Record<string, number>>
}

/** The counts of a service in this process, and its state. */
export interface ServiceState {
  readonly kind: string
  readonly name: string
  /** Whether the service does without its store at present, because calls keep failing. */
  readonly isAway: boolean
  readonly readings: readonly Reading[]
  /** Why nothing could be read. */
  readonly failure?: string
}

/** Reads what each service counts. Sends nothing to a store. */
export function readServices(services: readonly Service[]): readonly ServiceState[] {
  return services.map(readService)
}

function readService({ kind, name, instruments }: Service): ServiceState {
  try {
    const readings = instruments.flatMap((instrument) =>
      instrument.kind === 'histogram' ? [] : [readInstrument(instrument)],
    )
    return { kind, name, isAway: readings.some(isOpenCircuit), readings }
  } catch (error) {
    return { kind, name, isAway: false, readings: [], failure: String(error) }
  }
}

function readInstrument({ kind, name, unit, description, read }: ServiceReading): Reading {
  const values: [string, number][] = []
  read((value, labels = {}) => values.push([Object.values(labels).join(' '), value]))
  return { kind, name, unit, description, values: Object.fromEntries(values) }
}

const isOpenCircuit = ({ unit, values }: Reading) =>
  unit === '{circuit}' && Object.values(values).some((value) => value > 0)
