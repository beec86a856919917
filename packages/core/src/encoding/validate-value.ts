import type { SchemaResult, StandardSchemaV1 } from '../contracts/schema'
import { isThenable, type MaybePromise } from '../maybe-promise'

/** A check of what comes out of a store. */
export interface ValidationRules {
  readonly schema: StandardSchemaV1
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/** The value as the schema has it, if need be after migration; undefined if it does not fit, or checking it fails. */
export function validateValue(
  value: unknown,
  check: ValidationRules,
): MaybePromise<{ readonly value: unknown } | undefined> {
  const { schema, migrate } = check
  const next = (result: SchemaResult) => {
    if (result.issues === undefined) return result
    return migrate === undefined ? undefined : validateValue(migrate(value), { schema, migrate: undefined })
  }
  try {
    const result = schema['~standard'].validate(value)
    return isThenable(result)
      ? Promise.resolve(result)
          .then(next)
          .catch(() => undefined)
      : next(result)
  } catch {
    return undefined
  }
}
