import { instruments } from '@larder/core'
import { metricName } from './names'

/**
 * The name in Prometheus of a metric that there is: what is not on the list of the core cannot be asked for.
 * @throws TypeError for a name that is not on the list.
 */
export function metric(name: string): string {
  const instrument = instruments.find((one) => one.name === name)
  if (instrument === undefined) throw new TypeError(`There is no metric "${name}".`)
  return metricName(instrument)
}
