export { configFromEnv, type EnvConfig } from './config-from-env'
export { logOperationsFromEnv } from './log-operations-from-env'
export type { Environment } from './read-variables'
