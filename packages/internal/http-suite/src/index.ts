import { describe } from 'vitest'
import type { Compression, StartApplication } from './application'
import { attackPromises } from './attacks'
import { cachingPromises } from './caching'
import { compressionPromises } from './compression'
import { faultPromises } from './faults'
import { fixtureOf } from './fixture'
import { reusePromises } from './reuse'
import { streamingPromises } from './streaming'

export { adminSuite, type StartAdmin } from './admin'
export type {
  AppHandler,
  Application,
  AppReply,
  AppRequest,
  Compression,
  Running,
  StartApplication,
} from './application'
export { type Received, type Sending, send } from './client'
export { someAdmin } from './some-admin'

/**
 * Everything an integration promises, whatever its framework, over real sockets. `compression` names the places where the
 * framework's middleware for compression can stand.
 */
export function httpSuite(start: StartApplication, compression: readonly Compression[] = []): void {
  const fixture = fixtureOf(start)
  describe('caching', () => cachingPromises(fixture))
  describe('reuse', () => reusePromises(fixture))
  describe('streaming', () => streamingPromises(fixture))
  describe('attacks', () => attackPromises(fixture))
  compressionPromises(fixture, compression)
  describe('faults', () => faultPromises(fixture))
}
