export { webHandler } from '@larder/node-http'
export { httpCache } from './http-cache'
