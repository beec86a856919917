import { maxPositionLead } from '@larder/core'
import { defineScript } from './define-script'
import { releaseIfHeld } from './lease-scripts'

/** Reads the position that the stored bytes begin with: eight bytes, big-endian, exact in a double up to 2^53. */
const readStoredPosition = `
local function position_in(bytes)
  if #bytes < 8 then return -1 end
  local high, low = struct.unpack('>I4I4', bytes)
  return high * 4294967296 + low
end
local stored_position = position_in(redis.call('GETRANGE', entry, 0, 7))

-- A position more than a day ahead of the clock is of no log: its entry gives way to every other.
local function gives_way_to(position)
  if stored_position <= position then return true end
  local seconds = tonumber(redis.call('TIME')[1])
  return stored_position > seconds * 1000000 + ${maxPositionLead}
end
`

/** Writes unless a newer entry or tombstone is stored, so that a delayed write never replaces a later one. */
const writeUnlessOlder = `
${readStoredPosition}
if gives_way_to(position_in(bytes)) then redis.call('SET', entry, bytes, 'PX', lifetime) end`

/** Writes an entry, unless a newer one is stored. `lifetime` in ms. */
export const writeEntry = defineScript({
  keys: ['entry'],
  args: ['bytes', 'lifetime'],
  body: `${writeUnlessOlder}
return 1`,
})

/** Writes an entry like {@link writeEntry}, then releases the lease and wakes the callers that wait for it. */
export const writeEntryUnderLease = defineScript({
  keys: ['entry', 'lease'],
  args: ['bytes', 'lifetime', 'token', 'channel', 'key'],
  body: `${writeUnlessOlder}
${releaseIfHeld}
return 1`,
})

/**
 * Removes an entry that is older than `position` (eight bytes). With a `tombstoneLifetime` in ms, leaves a tombstone
 * instead, an entry that consists of a position only: it makes {@link writeEntry} reject older entries that arrive late.
 * With 0 it leaves none.
 */
export const deleteEntry = defineScript({
  keys: ['entry'],
  args: ['position', 'tombstoneLifetime'],
  allowsOom: true,
  body: `
${readStoredPosition}
if not gives_way_to(position_in(position) - 1) then return 0 end
if tombstone_lifetime == '0' then return redis.call('UNLINK', entry) end
redis.call('SET', entry, position, 'PX', tombstone_lifetime)
return 1`,
})
