export { httpCache, type KoaCache } from './http-cache'
