/** A JSON schema in the dialect of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>

export const string: Schema = { type: 'string' }
export const number: Schema = { type: 'number' }
export const boolean: Schema = { type: 'boolean' }
export const dateTime: Schema = { type: 'string', format: 'date-time' }
/** An object with any names, whose values are numbers. */
export const counters: Schema = { type: 'object', additionalProperties: number }

export const arrayOf = (items: Schema): Schema => ({ type: 'array', items })
export const enumOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })

/** An object with exactly these properties. A name that ends with `?` is optional. */
export function objectOf(properties: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(properties)
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ''), schema]),
    ),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  }
}
