export type { TestRunner } from './conformance/store-conformance'
export type {
  AppHandler,
  Application,
  AppReply,
  AppRequest,
  Compression,
  RunningApplication,
  StartApplication,
} from './http/application'
export { type ReceivedResponse, type RequestParts, sendRaw, sendRequest } from './http/client'
export type { EchoOptions } from './http/echo'
export { echoConformance, type HttpConformanceOptions, httpConformance } from './http/http-conformance'
