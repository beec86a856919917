import { memoryStore } from '@larder/memory'
import {
  type Compression,
  echoConformance,
  httpConformance,
  type StartApplication,
} from '@larder/testing/http'
import { describe, test } from 'vitest'
import { describeFaults } from './faults'

export {
  type AppHandler,
  type Application,
  type AppReply,
  type AppRequest,
  type Compression,
  type ReceivedResponse,
  type RequestParts,
  type RunningApplication,
  type StartApplication,
  sendRequest,
} from '@larder/testing/http'
export { adminSuite, type StartAdmin } from './admin'
export { begun, gone, isAbandoned } from './differential/abandoned-handlers'
export { allowedDifferences } from './differential/allowed-differences'
export { type NotingApplication, noteResponse, recordNotes } from './differential/compare'
export {
  type Combination,
  differentialSuite,
  type LayerPair,
  pairLayers,
  type StartNoting,
} from './differential/differential'
export { withoutFraming } from './differential/meaning'
export type { Note } from './differential/node-handler'
export {
  awaitsWrite,
  nodeHandlers,
  withNodeHandlers,
  withoutAnswer,
} from './differential/node-handlers'
export { type NodeLayer, nodeLayers, setCookieAtHead } from './differential/node-layers'
export { describeOwnWrites } from './own-writes'
export { type LimitedApplication, rateLimitSuite, type StartLimited } from './rate-limits'
export { createShopAdmin } from './shop-admin'
export { type StartWebSocketApp, webSocketSuite } from './websocket'

/**
 * Defines the tests that every integration in this repository has to pass: the public suite, and faults of Redis.
 * `compression` lists the places where the framework's compression middleware can be used.
 */
export function httpSuite(start: StartApplication, compression: readonly Compression[] = []): void {
  httpConformance(start, { describe, it: test, createStore: () => memoryStore(), compression })
  describe('faults', () => describeFaults(start))
}

/** Compares an application with and without a cache by `pairs` of similar requests, chosen by `seed`. */
export function describeEcho(
  start: StartApplication,
  size: { readonly seed: number; readonly pairs: number },
): void {
  echoConformance(start, { ...size, it: test, createStore: () => memoryStore() })
}
