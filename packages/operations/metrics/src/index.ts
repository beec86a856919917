export { type AlertOptions, alertRules, type Rule, type RuleFile } from './alerts/alert-rules'
export { grafanaDashboard } from './dashboard/grafana-dashboard'
export { type PrometheusMetrics, type PrometheusRegistry, prometheusMetrics } from './prometheus-metrics'
