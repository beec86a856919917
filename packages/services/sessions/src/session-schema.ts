import { LarderError, type SchemaIssue, type StandardSchemaV1 } from '@larder/core'
import { validateValue } from '@larder/core/encoding'

/** Rules for the data of sessions. */
export interface DataRules<T extends object> {
  readonly schema?: StandardSchemaV1<unknown, T> | undefined
  readonly migrate?: ((old: unknown) => unknown) | undefined
}

/**
 * Data that is about to be written, as the schema returns it.
 * @throws LarderError `UNSERIALIZABLE_VALUE` that names each part which does not fit.
 */
export async function requireFitting<T extends object>(
  data: T,
  { schema }: Pick<DataRules<T>, 'schema'>,
): Promise<T> {
  if (schema === undefined) return data
  const result = await schema['~standard'].validate(data)
  if (result.issues === undefined) return result.value
  throw new LarderError(
    'UNSERIALIZABLE_VALUE',
    `A session cannot be kept: its data does not fit the schema (${describeIssues(result.issues)}).`,
  )
}

/** Data that was read, as the schema returns it, after `migrate` if needed; undefined if it does not fit. */
export async function parseStored<T extends object>(
  data: T,
  { schema, migrate }: DataRules<T>,
): Promise<T | undefined> {
  if (schema === undefined) return data
  const parsed = await validateValue(data, { schema, migrate })
  return parsed?.value as T | undefined
}

/** For example `cart.0: expected string`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .map(({ message, path = [] }) => {
      const names = path.map((part) => String(typeof part === 'object' ? part.key : part))
      return names.length === 0 ? message : `${names.join('.')}: ${message}`
    })
    .join('; ')
}
