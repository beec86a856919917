export {
  type Described,
  type Middleware,
  type Next,
  type NodeHttpOptions,
  nodeHttp,
  type WithLarder,
} from './node-http'
