export { configFromEnv, type EnvConfig } from './config-from-env'
export { logOperationsFromEnv } from './log-operations-from-env'
export type { EnvPolicy } from './policies-kind'
export type { Environment } from './read-variables'
export {
  type RateLimiterEnvConfig,
  rateLimiterFromEnv,
  type SessionsEnvConfig,
  sessionsFromEnv,
} from './services-from-env'
