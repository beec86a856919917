export type { RedisClient } from './client'
export { type Names, namesOf } from './names'
export type { RedisStoreOptions } from './options'
export { redisStore } from './redis-store'
