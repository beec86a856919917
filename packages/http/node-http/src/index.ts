export { httpCache, type Middleware, middlewareOf, type WithLarder } from './node-http'
export { type Described, type NodeExchange, serveNode } from './serve'
export { type WebHandler, webHandler } from './web-handler'
