export type {
  Answer,
  Handler,
  HandlerRun,
  HeadCharset,
  HeadDecision,
  OriginHead,
  ResponseHints,
  ResponseObserver,
  SendInstructions,
  SentHead,
} from './contracts/handler'
export type { CacheStatusOptions, HttpCacheOptions } from './contracts/options'
export type { HttpRequest } from './contracts/request'
export type { RouteRule, Routes, RuleRequest, RuleResponse, Scope } from './contracts/route-rule'
export { isAppended } from './fields/appended-fields'
export { type FieldRecord, toFieldRecord } from './fields/field-record'
export type { FieldReader, Fields } from './fields/fields'
export { type HandlerSpan, joinFrontFields, toOriginHead } from './fields/front-fields'
export { type HttpCache, httpCache } from './http-cache'
export { hasClientCertificate } from './serving/client-certificate'
export { type BodyCopy, createBodyCopy } from './storage/body-copy'
export { serveWeb, type WebExchange } from './web/serve-web'
