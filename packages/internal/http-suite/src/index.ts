import { describe } from 'vitest'
import type { Compression, StartApplication } from './application'
import { describeCachePoisoning } from './cache-poisoning'
import { describeClientDirectives, describeDownstreamCaches } from './cache-protocol'
import { describeCollapsing } from './collapsing'
import { describeCompression } from './compression'
import { describeEcho } from './echo'
import { describeExhaustion } from './exhaustion'
import { describeFaults } from './faults'
import { createFixtureStarter } from './fixture'
import { describeFreshness } from './freshness'
import { describeHandlers } from './handlers'
import { describeKeys } from './keys'
import { describePrivacy } from './privacy'
import { describeReuse, describeStaleReuse } from './reuse'
import { describeRules } from './rules'
import { describeStreaming } from './streaming'
import { describeTransparency } from './transparency'
import { describeUnsafeMethods } from './unsafe-methods'

export { adminSuite, type StartAdmin } from './admin'
export type {
  AppHandler,
  Application,
  AppReply,
  AppRequest,
  Compression,
  RunningApplication,
  StartApplication,
} from './application'
export { type ReceivedResponse, type RequestParts, sendRequest } from './client'
export { type NotingApplication, noteResponse, recordNotes } from './differential/compare'
export { differentialSuite, type StartNoting } from './differential/differential'
export { withoutFraming } from './differential/meaning'
export { type Note, nodeHandlers, withNodeHandlers } from './differential/node-handlers'
export { type NodeLayer, nodeLayers, setCookieAtHead } from './differential/node-layers'
export { describeEcho } from './echo'
export { createShopAdmin } from './shop-admin'
export { type StartWebSocketApp, webSocketSuite } from './websocket'

/**
 * Defines the tests that every integration has to pass, over real sockets. `compression` lists the places where the
 * framework's compression middleware can be used.
 *
 * @example
 * ```ts
 * httpSuite(async ({ options, handler }) => startMyFramework(options, handler), ['outside'])
 * ```
 */
export function httpSuite(start: StartApplication, compression: readonly Compression[] = []): void {
  const startFixture = createFixtureStarter(start)
  describe('caching', () => {
    describeFreshness(startFixture)
    describeRules(startFixture)
    describeHandlers(startFixture)
    describeUnsafeMethods(startFixture)
  })
  describe('reuse', () => {
    describeReuse(startFixture)
    describeStaleReuse(startFixture)
    describeClientDirectives(startFixture)
    describeDownstreamCaches(startFixture)
  })
  describe('streaming', () => describeStreaming(startFixture))
  describe('collapsing', () => describeCollapsing(startFixture))
  describe('transparency', () => describeTransparency(startFixture))
  describe('attacks', () => {
    describePrivacy(startFixture)
    describeCachePoisoning(startFixture)
    describeKeys(startFixture)
    describeExhaustion(startFixture)
    describeEcho(start, { seed: 1, pairs: 150 })
  })
  describeCompression(startFixture, compression)
  describe('faults', () => describeFaults(startFixture))
}
