import type { Options } from './command'

/** Options of every command. */
export const commonOptions: Options = {
  url: {
    type: 'string',
    value: 'URL',
    about: 'redis://user:password@host:6379/0, or rediss:// for TLS; otherwise REDIS_URL',
  },
  name: { type: 'string', value: 'CACHE', about: 'name of the cache; otherwise LARDER_NAME' },
  prefix: { type: 'string', value: 'TEXT', about: "redisStore's prefix, where it was set (larder)" },
  json: { type: 'boolean', about: 'JSON, one object per line' },
  help: { type: 'boolean', about: 'what can be written' },
}

/** For commands that work within a namespace. */
export const namespaceOption: Options = {
  namespace: { type: 'string', multiple: true, value: 'NAME', about: 'within it; again for one inside it' },
}
