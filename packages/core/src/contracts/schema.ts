/**
 * The part of Standard Schema v1 (https://standardschema.dev) that validates, and from which types infer; zod, valibot and
 * arktype implement it.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    /** For types only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** The validated value, or the issues found. */
export type SchemaResult<Output = unknown> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** A part of a value that does not fit a schema. */
export interface SchemaIssue {
  readonly message: string
  /** The names that lead to it, from the outside to the inside. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
