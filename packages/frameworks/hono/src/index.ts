export type { WebApplication } from './hono-exchange'
export { type HonoCache, type HonoCacheOptions, httpCache } from './http-cache'
