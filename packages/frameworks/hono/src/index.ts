export { type HonoCacheOptions, httpCache, type WebApplication } from './http-cache'
