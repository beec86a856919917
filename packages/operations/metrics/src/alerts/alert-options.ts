import {
  booleanKind,
  checkOptions,
  kindOf,
  type OptionTable,
  type ServiceOperations,
  textKind,
} from '@larder/core'
import { homepage } from '../../package.json'

/** Thresholds and surroundings of the alerts. */
export interface AlertOptions {
  /**
   * The URL of the runbook; each alert links to its section. It is in the page, so it must be absolute.
   * @defaultValue the runbook in Larder's repository
   */
  readonly runbook?: string | undefined
  /**
   * Services beside the cache that are alerted on as well, such as `operations` of `@larder/rate-limit/operations`.
   * @defaultValue none
   */
  readonly services?: readonly ServiceOperations[] | undefined
  /**
   * The labels that tell the processes of one service apart. Alerts sum them up, so that one cause gives one alert however
   * many processes there are; all other labels, such as `cluster`, stay.
   * @defaultValue ['instance', 'pod', 'node']
   */
  readonly processLabels?: readonly string[] | undefined
  /**
   * Whether names of metrics end in their unit (`cache_follower_lag_seconds`), as those of `prometheusMetrics` and of OTLP
   * do. `false` for `@opentelemetry/exporter-prometheus`, which adds no units.
   * @defaultValue true
   */
  readonly unitSuffixes?: boolean | undefined
  /** A factor for all durations, such as 0.05 for a drill whose incidents last a minute. @defaultValue 1 */
  readonly timeScale?: number | undefined
  /** Minimum share of reads that are hits, from 0 to 1. @defaultValue 0.6 */
  readonly minHitRatio?: number | undefined
  /** Maximum 95th percentile of the duration of store calls, in seconds. @defaultValue 0.2 */
  readonly maxLatency?: number | undefined
  /** Maximum share of store calls that fail, from 0 to 1. @defaultValue 0.01 */
  readonly maxErrorRate?: number | undefined
  /** Maximum share of computations of a function that fail, from 0 to 1. @defaultValue 0.05 */
  readonly maxSourceErrorRate?: number | undefined
  /** Minimum share of reads that do not fail, from 0 to 1. @defaultValue 0.999 */
  readonly availability?: number | undefined
  /** Invalidations per second of all processes that are never a storm. @defaultValue 20 */
  readonly maxInvalidations?: number | undefined
  /** Reads per second of all processes below which ratios do not alert: with few reads they are noise. @defaultValue 1 */
  readonly minTraffic?: number | undefined
}

/** In Larder's repository, whose address the manifest of every package holds. */
export const defaultRunbook = homepage.replace('#readme', '/blob/main/docs/operate/runbook.md')

const numberKind = kindOf('a number from 0, such as 0.5', (value) => typeof value === 'number' && value >= 0)
const shareKind = kindOf(
  'a share from 0 to 1, such as 0.6',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
)
export const servicesKind = kindOf('a list of services, such as [operations]', Array.isArray)

const optionTable: OptionTable<AlertOptions> = {
  runbook: textKind,
  services: servicesKind,
  processLabels: kindOf("a list of labels, such as ['instance']", Array.isArray),
  unitSuffixes: booleanKind,
  timeScale: numberKind,
  minHitRatio: shareKind,
  maxLatency: numberKind,
  maxErrorRate: shareKind,
  maxSourceErrorRate: shareKind,
  availability: shareKind,
  maxInvalidations: numberKind,
  minTraffic: numberKind,
}

/** The options with their defaults. @throws LarderError `BAD_OPTION`. */
export function resolveAlertOptions(options: AlertOptions) {
  checkOptions('alertRules', options, optionTable)
  return {
    runbook: options.runbook ?? defaultRunbook,
    services: options.services ?? [],
    processLabels: options.processLabels ?? ['instance', 'pod', 'node'],
    unitSuffixes: options.unitSuffixes ?? true,
    timeScale: options.timeScale ?? 1,
    minHitRatio: options.minHitRatio ?? 0.6,
    maxLatency: options.maxLatency ?? 0.2,
    maxErrorRate: options.maxErrorRate ?? 0.01,
    maxSourceErrorRate: options.maxSourceErrorRate ?? 0.05,
    availability: options.availability ?? 0.999,
    maxInvalidations: options.maxInvalidations ?? 20,
    minTraffic: options.minTraffic ?? 1,
  }
}

export type ResolvedAlertOptions = ReturnType<typeof resolveAlertOptions>
