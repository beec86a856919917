export { type AddressOptions, addressOf } from './address-of'
export { createLocalRateLimiter, createRateLimiter } from './create-rate-limiter'
export type { Algorithm, Policy } from './policy'
export type {
  ConsumeOptions,
  Identity,
  IdentityWithPolicies,
  RateLimiter,
  RateLimiterStats,
} from './rate-limiter'
export type { LocalLimiterOptions, RateLimiterOptions } from './rate-limiter-options'
export type { PolicyState, Verdict } from './verdict'
