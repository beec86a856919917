import { describe } from 'vitest'
import type { StartApplication } from './application'
import { attackPromises } from './attacks'
import { cachingPromises } from './caching'
import { faultPromises } from './faults'
import { fixtureOf } from './fixture'
import { reusePromises } from './reuse'
import { streamingPromises } from './streaming'

export type { AppHandler, Application, AppReply, AppRequest, Running, StartApplication } from './application'
export { type Received, type Sending, send } from './client'

/** Everything an integration promises, whatever its framework, over real sockets. */
export function httpSuite(start: StartApplication): void {
  const fixture = fixtureOf(start)
  describe('caching', () => cachingPromises(fixture))
  describe('reuse', () => reusePromises(fixture))
  describe('streaming', () => streamingPromises(fixture))
  describe('attacks', () => attackPromises(fixture))
  describe('faults', () => faultPromises(fixture))
}
