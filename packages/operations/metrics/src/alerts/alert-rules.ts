import { type AlertOptions, resolveAlertOptions } from './alert-options'
import { createLogAlerts } from './log-alerts'
import { createReadAlerts } from './read-alerts'
import { createRecordings } from './recordings'
import type { RuleFile } from './rule'
import { createRuleTerms } from './rule-terms'
import { createServiceGroups } from './service-alerts'
import { createStoreAlerts } from './store-alerts'

/**
 * Alerting rules for Prometheus, and the recording rules that they use. They query the metrics of `prometheusMetrics`, or
 * those of OpenTelemetry. Each alert is about all processes of a service together.
 *
 * @example
 * ```ts
 * writeFileSync('rules.yml', stringify(alertRules({ minHitRatio: 0.8, runbook: 'https://wiki.example/larder' })))
 * ```
 * @throws LarderError `BAD_OPTION` for an unknown option, and for a value that it does not accept.
 */
export function alertRules(options: AlertOptions = {}): RuleFile {
  const resolved = resolveAlertOptions(options)
  const terms = createRuleTerms(resolved)
  return {
    groups: [
      { name: 'larder.recordings', rules: createRecordings(terms) },
      {
        name: 'larder.alerts',
        rules: [...createReadAlerts(terms), ...createStoreAlerts(terms), ...createLogAlerts(terms)],
      },
      ...createServiceGroups(resolved),
    ],
  }
}
