import { defineScript } from './define-script'

/** A lease is the text `token:position` under its key; the position says when the holder's computation started. */
const readIsHeld = `
local holder = redis.call('GET', lease)
local is_held = holder and string.sub(holder, 1, #token) == token
`

/** Deletes the lease if `token` holds it, and publishes the cache key to the callers that wait for it. */
export const releaseIfHeld = `
${readIsHeld}
if is_held then
  redis.call('DEL', lease)
  redis.call('PUBLISH', channel, key)
end
`

/** The first element of {@link acquireLease}'s reply. */
export const leaseReply = { busy: 0, granted: 1, stored: 2 } as const

/**
 * Replies with the stored entry if it is not the one that the caller knows, by the bytes that it begins with. Otherwise
 * grants the lease if it is free, or if its holder started before `notBefore`: an invalidation made that computation
 * outdated. A lease without an expiry was not made by Larder, and would hold up everybody for ever: it is taken over.
 * `lifetime` in ms.
 */
export const acquireLease = defineScript({
  keys: ['entry', 'lease'],
  args: ['token', 'position', 'notBefore', 'knownPrefix', 'lifetime'],
  body: `
local stored = redis.call('GET', entry)
local is_known = known_prefix ~= '' and stored and string.sub(stored, 1, #known_prefix) == known_prefix
if stored and #stored > 8 and not is_known then return {${leaseReply.stored}, stored} end
local holder = redis.call('GET', lease)
if holder then
  local started = tonumber(string.match(holder, ':(%d+)$'))
  local is_endless = redis.call('PEXPIRE', lease, lifetime, 'NX') == 1
  if not is_endless and (started == nil or started >= tonumber(not_before)) then return {${leaseReply.busy}} end
end
redis.call('SET', lease, token .. ':' .. position, 'PX', lifetime)
return {${leaseReply.granted}}`,
})

/** Extends the lease if `token` holds it. `lifetime` in ms. */
export const renewLease = defineScript({
  keys: ['lease'],
  args: ['token', 'lifetime'],
  allowsOom: true,
  body: `${readIsHeld}
if is_held then return redis.call('PEXPIRE', lease, lifetime) end
return 0`,
})

/** Releases the lease if `token` holds it, and wakes the callers that wait for it. */
export const releaseLease = defineScript({
  keys: ['lease'],
  args: ['token', 'channel', 'key'],
  allowsOom: true,
  body: `${releaseIfHeld}
if is_held then return 1 end
return 0`,
})
