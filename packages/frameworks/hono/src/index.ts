export { type HonoCache, type HonoCacheOptions, httpCache, type WebApplication } from './http-cache'
