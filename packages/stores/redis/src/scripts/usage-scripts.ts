import { defineScript } from './define-script'

/**
 * Replies with the figures that another process has read. If they have expired, replies with nothing, and leaves an empty text
 * for the processes that ask meanwhile: the caller reads them. Works when memory is full, which is what the figures tell.
 */
export const claimUsage = defineScript({
  keys: ['usage'],
  args: ['lifetime'],
  allowsOom: true,
  body: `
local known = redis.call('GET', usage)
if known then return known end
redis.call('SET', usage, '', 'PX', lifetime)
return false`,
})

/** Keeps the figures, as JSON, for `lifetime` ms. */
export const keepUsage = defineScript({
  keys: ['usage'],
  args: ['figures', 'lifetime'],
  allowsOom: true,
  body: `redis.call('SET', usage, figures, 'PX', lifetime)`,
})
