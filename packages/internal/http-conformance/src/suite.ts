import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** How much a test of the suite weighs: required by the RFCs, saving traffic, or only informing. */
export type Kind = 'required' | 'optimal' | 'check'

/** A test of the suite, as far as scoring needs it. */
export interface SuiteTest {
  readonly id: string
  readonly kind?: Kind | undefined
  readonly depends_on?: readonly string[] | undefined
  readonly browser_only?: boolean | undefined
}

/** Tests about one subject. */
export interface SuiteGroup {
  readonly id: string
  readonly tests: readonly SuiteTest[]
}

/** The public test suite for HTTP caches: the npm package `http-cache-tests`, or a checkout of http-tests/cache-tests. */
export interface Suite {
  groups(): Promise<readonly SuiteGroup[]>
  /** A module of its test engine. */
  engine(file: string): Promise<Record<string, never>>
  /** A checkout runs its own way: there the client finds `fetch` by itself. */
  readonly isCheckout: boolean
}

/**
 * Opens the suite in `directory`, or the installed one.
 * @throws Error if there is none.
 */
export function openSuite(directory: string | undefined): Suite {
  const root =
    directory ?? path.dirname(createRequire(import.meta.url).resolve('http-cache-tests/package.json'))
  if (!existsSync(path.join(root, 'tests', 'index.mjs')))
    throw new Error(`There is no test suite in ${root}.`)
  const isCheckout = existsSync(path.join(root, 'test-engine'))
  const engineRoot = isCheckout ? path.join(root, 'test-engine') : root
  const load = (file: string) => import(pathToFileURL(file).href)
  return {
    isCheckout,
    groups: async () => (await load(path.join(root, 'tests', 'index.mjs'))).default,
    engine: (file) => load(path.join(engineRoot, file)),
  }
}
