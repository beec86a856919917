/** The part of Standard Schema (https://standardschema.dev, version 1) that checking needs. zod, valibot and arktype have it. */
export interface StandardSchemaV1 {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
  }
}

/** A value, or what is wrong with it. */
export type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** A check of what comes out of a store. */
export interface SchemaCheck {
  readonly schema: StandardSchemaV1
  readonly migrate: ((old: unknown) => unknown) | undefined
}

/** The value as the schema has it, if need be after migration; undefined if it does not fit. */
export async function checked(
  value: unknown,
  { schema, migrate }: SchemaCheck,
): Promise<{ value: unknown } | undefined> {
  const { validate } = schema['~standard']
  const result = await validate(value)
  if (result.issues === undefined) return result
  if (migrate === undefined) return undefined
  const second = await validate(migrate(value))
  return second.issues === undefined ? second : undefined
}
