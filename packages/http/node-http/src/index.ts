export { httpCache, type Middleware, middlewareOf, type WithLarder } from './node-http'
export type { RequestTarget } from './request-target'
export { type NodeExchange, serveNode } from './serve'
export { type WebHandler, webHandler } from './web-handler'
