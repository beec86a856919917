import type { SchemaResult, StandardSchemaV1 } from '../contracts/schema'
import { isThenable, type MaybePromise } from '../maybe-promise'

/** How values read from a store are validated. */
export interface ValidationRules {
  readonly schema: StandardSchemaV1
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/** The value as parsed by the schema, after migration if needed; undefined if it is invalid or validation throws. */
export function validateValue(
  value: unknown,
  rules: ValidationRules,
): MaybePromise<{ readonly value: unknown } | undefined> {
  const { schema, migrate } = rules
  const useResult = (result: SchemaResult) => {
    if (result.issues === undefined) return result
    return migrate === undefined ? undefined : validateValue(migrate(value), { schema, migrate: undefined })
  }
  try {
    const result = schema['~standard'].validate(value)
    return isThenable(result)
      ? Promise.resolve(result)
          .then(useResult)
          .catch(() => undefined)
      : useResult(result)
  } catch {
    return undefined
  }
}
