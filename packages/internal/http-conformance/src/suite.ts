import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** The weight of a test: required by the RFCs, an optimisation, or a question without a right answer. */
export type TestKind = 'required' | 'optimal' | 'check'

/** The properties of a test that scoring needs. */
export interface SuiteTest {
  readonly id: string
  readonly kind?: TestKind | undefined
  readonly depends_on?: readonly string[] | undefined
  readonly browser_only?: boolean | undefined
}

/** Tests on one subject. */
export interface SuiteGroup {
  readonly id: string
  readonly tests: readonly SuiteTest[]
}

/**
 * The public test suite for HTTP caches: the npm package `http-cache-tests`, or a checkout of http-tests/cache-tests.
 */
interface Suite {
  loadGroups(): Promise<readonly SuiteGroup[]>
  /** Imports a module of the suite's test engine. */
  loadEngine(file: string): Promise<Record<string, never>>
  /** A checkout is newer than the package: its client uses the global `fetch` instead of taking it as an argument. */
  readonly isCheckout: boolean
}

/**
 * Opens the suite in `directory`, or the installed package.
 * @throws Error if the directory does not contain the suite.
 */
export function openSuite(directory: string | undefined): Suite {
  const root =
    directory ?? path.dirname(createRequire(import.meta.url).resolve('http-cache-tests/package.json'))
  if (!existsSync(path.join(root, 'tests', 'index.mjs')))
    throw new Error(
      `--suite must be a checkout of http-tests/cache-tests; there is no tests/index.mjs in ${root}.`,
    )
  const isCheckout = existsSync(path.join(root, 'test-engine'))
  const engineRoot = isCheckout ? path.join(root, 'test-engine') : root
  const importFile = (file: string) => import(pathToFileURL(file).href)
  return {
    isCheckout,
    loadGroups: async () => (await importFile(path.join(root, 'tests', 'index.mjs'))).default,
    loadEngine: (file) => importFile(path.join(engineRoot, file)),
  }
}
