import { LarderError, type SchemaResult } from '@larder/core'
import { toFields } from '../session-fields'
import { describeIssues } from '../session-schema'
import type { Sessions } from '../sessions'
import type { Fields } from '../store/session-store'

/**
 * Returns a function that resolves to the fields of a visitor without a session: those that the schema makes of an empty
 * object, such as defaults. It rejects if an asynchronous schema does not accept one.
 * @throws LarderError `BAD_OPTION` unless the schema accepts an empty object.
 */
export function createVisitorFields<T extends object>({
  schema,
}: Pick<Sessions<T>, 'schema'>): () => Promise<Fields> {
  const result = schema?.['~standard'].validate({}) ?? { value: {} }
  const fields = result instanceof Promise ? result.then(toVisitorFields) : toVisitorFields(result)
  // Each request reports it.
  if (fields instanceof Promise) fields.catch(() => undefined)
  return async () => fields
}

function toVisitorFields(result: SchemaResult): Fields {
  if (result.issues === undefined) return toFields(result.value, Number.POSITIVE_INFINITY)
  throw new LarderError(
    'BAD_OPTION',
    `loadSessions: a visitor begins with empty data, which the schema does not accept (${describeIssues(result.issues)}). Give these fields a default, or make them optional.`,
  )
}
