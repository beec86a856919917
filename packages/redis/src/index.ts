export type { RedisClient } from './client'
export type { RedisStoreOptions } from './options'
export { redisStore } from './redis-store'
