import { createCache, LarderError } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { expect, test } from 'vitest'
import * as metrics from '../src/index'

/** The functions of this package as JavaScript sees them, without types that refuse wrong calls. */
const untyped = metrics as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

const cache = createCache({ name: 'test', store: memoryStore() })

test.each<[name: string, args: readonly unknown[], message: RegExp]>([
  ['prometheusMetrics', [undefined], /each argument must be a cache or a service, .* got undefined/],
  ['prometheusMetrics', [[cache]], /each argument must be a cache or a service, .* got a list/],
  ['prometheusMetrics', [cache, { prefix: 'app_' }], /as in prometheusMetrics\(cache, .* got an object/],
  ['alertRules', [null], /alertRules takes its options as an object; got null/],
  ['alertRules', [cache], /alertRules has no option/],
  ['alertRules', [{ minHitratio: 0.8 }], /alertRules has no option "minHitratio"\. Write minHitRatio\./],
  ['alertRules', [{ minHitRatio: 80 }], /minHitRatio must be a share from 0 to 1, such as 0\.6; got 80/],
  ['alertRules', [{ services: cache }], /services must be a list of services/],
  ['grafanaDashboard', ['Larder'], /grafanaDashboard takes its options as an object; got 'Larder'/],
  ['grafanaDashboard', [{ runBook: 'https://wiki.example' }], /"runBook"\. Write runbook\./],
])('%s(…%o) answers with what to write', (name, args, message) => {
  expect(() => untyped[name]?.(...args)).toThrow(LarderError)
  expect(() => untyped[name]?.(...args)).toThrow(message)
})
