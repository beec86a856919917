import type { Dashboard } from '@grafana/schema'
import { test } from 'vitest'
import { grafanaDashboard } from '../../src/index'

/** A type of Grafana's schema as JSON has it: an enum is one of its values. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T extends object
        ? { readonly [Field in keyof T]: Json<T[Field]> }
        : T

test("the dashboard has the fields and the values of Grafana's schema", () => {
  const dashboard: Json<Dashboard> = grafanaDashboard()
  return dashboard
})
