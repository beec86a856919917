export { httpCache, type Middleware, middlewareOf, type WithLarder } from './node-http'
export { type NodeExchange, type RequestTarget, serveNode } from './serve'
export { type WebHandler, webHandler } from './web-handler'
