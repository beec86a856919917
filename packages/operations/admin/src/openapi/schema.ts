import type { Schema } from '../http/route'

export const text: Schema = { type: 'string' }
export const number: Schema = { type: 'number' }
export const truth: Schema = { type: 'boolean' }
export const date: Schema = { type: 'string', format: 'date-time' }

export const list = (items: Schema): Schema => ({ type: 'array', items })
export const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })
export const counts: Schema = { type: 'object', additionalProperties: number }

/** An object with these properties; those whose names end with `?` may be missing. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(properties)
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [bare(name), schema])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  }
}

const bare = (name: string) => name.replace(/\?$/, '')
