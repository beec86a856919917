import { script } from './script'

/** The position that bytes begin with: eight of them, big-endian, exact in a double up to 2^53. */
const positionIn = `
local function position_in(bytes)
  if #bytes < 8 then return -1 end
  local high, low = struct.unpack('>I4I4', bytes)
  return high * 4294967296 + low
end
local held_position = position_in(redis.call('GETRANGE', KEYS[1], 0, 7))
`

/**
 * KEYS: entry. ARGV: bytes, lifetime in ms. Under a lease, KEYS: entry, lease, and ARGV besides: token, channel, key.
 * Writes unless something newer is there, so that a write which arrives late never replaces a later one. Under a
 * lease, gives it back and wakes those who wait.
 */
export const writeEntry = script(`#!lua
${positionIn}
if held_position <= position_in(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
if ARGV[3] then
  local holder = redis.call('GET', KEYS[2])
  if holder and string.sub(holder, 1, #ARGV[3]) == ARGV[3] then
    redis.call('DEL', KEYS[2])
    redis.call('PUBLISH', ARGV[4], ARGV[5])
  end
end
return 1`)

/**
 * KEYS: entry. ARGV: position in eight bytes, lifetime in ms of a tombstone or 0 for none.
 * Removes what is older. A tombstone is an entry of nothing but a position: it refuses older entries that come late.
 */
export const deleteEntry = script(`#!lua flags=allow-oom
${positionIn}
if held_position >= position_in(ARGV[1]) then return 0 end
if ARGV[2] == '0' then return redis.call('UNLINK', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)

/**
 * KEYS: entry, lease. ARGV: token, position, not-before, fingerprint of the known entry, lifetime in ms.
 * Answers with the entry if it is another than the known one; otherwise takes the lease if it is free, or held by a
 * computation from before an invalidation.
 */
export const acquireLease = script(`#!lua
local entry = redis.call('GET', KEYS[1])
local is_known = ARGV[4] ~= '' and entry and string.sub(entry, 1, #ARGV[4]) == ARGV[4]
if entry and #entry > 8 and not is_known then return {2, entry} end
local held = redis.call('GET', KEYS[2])
if held then
  local started = tonumber(string.match(held, ':(%d+)$'))
  if started == nil or started >= tonumber(ARGV[3]) then return {0} end
end
redis.call('SET', KEYS[2], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[5])
return {1}`)

/** KEYS: lease. ARGV: token, lifetime in ms. */
export const renewLease = script(`#!lua flags=allow-oom
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, #ARGV[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`)

/** KEYS: lease. ARGV: token, channel, key. */
export const releaseLease = script(`#!lua flags=allow-oom
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, #ARGV[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[2], ARGV[3])
  return 1
end
return 0`)
