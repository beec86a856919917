export { formatCount, formatDuration, formatPercent } from './format'
export { type Progress, startProgress } from './progress'
export { formatTable } from './table'
