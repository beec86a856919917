export { httpCache, type Middleware, middlewareOf, type WithLarder } from './node-http'
export { type Described, type NodeExchange, serveNode } from './serve'
