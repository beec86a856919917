export { httpCache } from './http-cache'
