import type { ResolvedAlertOptions } from './alert-options'
import type { RuleFile } from './rule'
import { createRuleTerms } from './rule-terms'

/** One group of rules for each kind of services. */
export function createServiceGroups(options: ResolvedAlertOptions): RuleFile['groups'] {
  return options.services.map(({ kind, metrics, alerts }) => {
    const terms = createRuleTerms(options, metrics)
    const rules = alerts.map(({ severity, name, createQuery, ...texts }) =>
      terms.defineAlert(severity, name, { ...texts, expr: createQuery(terms) }),
    )
    return { name: `larder.${kind}`, rules }
  })
}
