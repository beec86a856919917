/** An option, as it is parsed and as the help shows it. */
interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean | undefined
  /** Placeholder for the value in usage lines, such as `COUNT`. Options of type `string` have one. */
  readonly placeholder?: string | undefined
  readonly description: string
}

/** Options by name, without the leading `--`. */
export type Options = Readonly<Record<string, Option>>

/** Options of every command. */
export const commonOptions: Options = {
  url: {
    type: 'string',
    placeholder: 'URL',
    description: 'redis://user:password@host:6379/0, or rediss:// for TLS; default: REDIS_URL',
  },
  name: {
    type: 'string',
    placeholder: 'CACHE',
    description: 'name of the cache; default: LARDER_NAME, or the only one on the server',
  },
  prefix: {
    type: 'string',
    placeholder: 'TEXT',
    description: 'key prefix, if redisStore was given one; default: larder',
  },
  json: { type: 'boolean', description: 'print JSON, one object per line' },
  version: { type: 'boolean', description: 'print the version of larder' },
  help: { type: 'boolean', description: 'print this help' },
}

/** For commands that can work within a namespace. */
export const namespaceOption: Options = {
  namespace: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME',
    description: 'work in this namespace; repeat it for a namespace inside it',
  },
}
