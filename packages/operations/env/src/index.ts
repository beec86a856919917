export { configFromEnv, type EnvConfig } from './config-from-env'
export type { Environment } from './read-variables'
