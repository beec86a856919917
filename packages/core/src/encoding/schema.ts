import type { SchemaResult, StandardSchemaV1 } from '../contracts/schema'
import { isLater, type Later } from '../later'

/** A check of what comes out of a store. */
export interface SchemaCheck {
  readonly schema: StandardSchemaV1
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/** The value as the schema has it, if need be after migration; undefined if it does not fit, or checking it fails. */
export function checked(value: unknown, check: SchemaCheck): Later<{ readonly value: unknown } | undefined> {
  const { schema, migrate } = check
  const next = (result: SchemaResult) => {
    if (result.issues === undefined) return result
    return migrate === undefined ? undefined : checked(migrate(value), { schema, migrate: undefined })
  }
  try {
    const result = schema['~standard'].validate(value)
    return isLater(result)
      ? Promise.resolve(result)
          .then(next)
          .catch(() => undefined)
      : next(result)
  } catch {
    return undefined
  }
}
