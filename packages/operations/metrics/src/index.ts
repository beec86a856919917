export { type AlertOptions, alertRules, type Rule, type RuleFile } from './alerts/rules'
export { grafanaDashboard } from './dashboard/dashboard'
export { type PrometheusMetrics, type PrometheusRegistry, prometheusMetrics } from './prometheus'
