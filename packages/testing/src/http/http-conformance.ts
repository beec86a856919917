import type { Store } from '@larder/core'
import type { TestRunner } from '../conformance/store-conformance'
import type { Compression, StartApplication } from './application'
import { cachePoisoningChecks } from './cache-poisoning'
import { clientDirectivesChecks, downstreamCachesChecks } from './cache-protocol'
import { collapsingChecks } from './collapsing'
import { compressionChecks } from './compression'
import { type EchoOptions, echoCheck } from './echo'
import { exhaustionChecks } from './exhaustion'
import { createFixtureStarter } from './fixture'
import { freshnessChecks } from './freshness'
import { handlersChecks } from './handlers'
import type { HttpCheck } from './http-check'
import { keysChecks } from './keys'
import { privacyChecks } from './privacy'
import { reuseChecks, staleReuseChecks } from './reuse'
import { rulesChecks } from './rules'
import { streamingChecks } from './streaming'
import { transparencyChecks } from './transparency'
import { unsafeMethodsChecks } from './unsafe-methods'

/** The needs of the tests besides the integration and a test runner. */
export interface HttpConformanceOptions {
  /** Creates a store in the memory of the process, such as `memoryStore()`. Each test has its own. */
  createStore(): Store
  /**
   * Where compression middleware of the framework can stand; `start` then gets one of them.
   * @defaultValue none: there are no tests with compression
   */
  readonly compression?: readonly Compression[] | undefined
}

const groups: Readonly<Record<string, readonly HttpCheck[]>> = {
  caching: [...freshnessChecks, ...rulesChecks, ...handlersChecks, ...unsafeMethodsChecks],
  reuse: [...reuseChecks, ...staleReuseChecks, ...clientDirectivesChecks, ...downstreamCachesChecks],
  streaming: streamingChecks,
  collapsing: collapsingChecks,
  transparency: transparencyChecks,
  attacks: [
    ...privacyChecks,
    ...cachePoisoningChecks,
    ...keysChecks,
    ...exhaustionChecks,
    echoCheck({ seed: 1, pairs: 150 }),
  ],
}

/**
 * Defines the tests that every integration of a framework with the HTTP cache has to pass, over real sockets. They need a
 * time limit of a minute each on a busy machine.
 *
 * @param start - Starts an application of the framework. Called several times in a test.
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 *
 * httpConformance(startApplication, { describe, it, createStore: () => memoryStore() })
 * ```
 */
export function httpConformance(
  start: StartApplication,
  { describe, it, createStore, compression = [] }: HttpConformanceOptions & TestRunner,
): void {
  const startFixture = createFixtureStarter(start, createStore)
  const all = { ...groups, compression: compressionChecks(compression) }
  for (const [name, checks] of Object.entries(all)) {
    if (checks.length === 0) continue
    describe(name, () => {
      for (const check of checks) it(check.guarantee, () => check.verify(startFixture))
    })
  }
}

/**
 * Defines the test of {@link httpConformance} that finds requests which share a response although the handler tells them
 * apart, in a size of its own.
 *
 * @example
 * ```ts
 * echoConformance(startApplication, { seed: 2, pairs: 10_000, it, createStore: () => memoryStore() })
 * ```
 */
export function echoConformance(
  start: StartApplication,
  {
    it,
    createStore,
    ...size
  }: EchoOptions & Pick<HttpConformanceOptions, 'createStore'> & Pick<TestRunner, 'it'>,
): void {
  const check = echoCheck(size)
  it(check.guarantee, () => check.verify(createFixtureStarter(start, createStore)))
}
