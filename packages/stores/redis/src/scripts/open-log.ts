/** The keys of every script of the log. */
export const logKeys = ['head', 'tags', 'keys', 'links', 'recent'] as const

/** The arguments of every script of the log: `logAge` and `keyAge` in µs; `after` and `afterNonce` are the caller's cursor, or empty. */
export const commonArgs = [
  'pageSize',
  'maxRecords',
  'logAge',
  'keyAge',
  'after',
  'afterNonce',
  'nonce',
  'channel',
] as const

/**
 * Reads the head of the log and repairs it if needed.
 *
 * A position is the server's time in µs, or one more than the last position, so that positions increase whatever clocks
 * the callers have. The head records the sizes of the sets. If the head is missing, if a set changed its size (a flush, an
 * eviction of one key), or if all of it was loaded from a snapshot, the log starts over with its floor at the current
 * time: lost records cost misses, and no invalidation is ignored.
 */
export const openLog = `
page_size, max_records, log_age, key_age = tonumber(page_size), tonumber(max_records), tonumber(log_age), tonumber(key_age)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- Sizes are tracked in Lua, so that each set is measured once.
local size = {[tags] = redis.call('ZCARD', tags), [keys] = redis.call('ZCARD', keys), [links] = redis.call('ZCARD', links)}
local function sizes() return size[tags] .. ' ' .. size[keys] .. ' ' .. size[links] end

local state = redis.call('HMGET', head, 'position', 'nonce', 'floor', 'keysFloor', 'sizes', 'handedAt', 'keeper', 'tookOverAt')
local position, last_nonce, floor, keys_floor = tonumber(state[1] or 0), state[2], tonumber(state[3]), tonumber(state[4])

-- The position as text is cached: formatting it takes as long as a command.
local function to_text(number) return string.format('%.0f', number) end
local position_text = state[1]
local function advance_to(target) position, position_text = target, to_text(target) end

local function save_head()
  redis.call('HSET', head, 'position', position_text, 'nonce', last_nonce, 'sizes', sizes())
  redis.call('ZADD', recent, position_text, position_text .. ':' .. last_nonce)
end
local function raise_floors(minimum, keys_minimum)
  floor, keys_floor = math.max(floor or 0, minimum), math.max(keys_floor or 0, keys_minimum)
  redis.call('HSET', head, 'floor', to_text(floor), 'keysFloor', to_text(keys_floor))
end

-- A changed replication id means that this server was promoted from a replica, or was restarted.
local function read_info(section, pattern)
  local reply = redis.pcall('INFO', section)
  return type(reply) == 'string' and string.match(reply, pattern) or ''
end
local replication_id = read_info('replication', 'master_replid:(%w+)')
local took_over = state[7] and state[7] ~= replication_id and now or tonumber(state[8] or 0)

-- A server that started after the last record has loaded the log from disk. A snapshot may be hours old, and contains
-- entries that were invalidated since. An append-only file lacks no more than the running processes will reissue. Uptime
-- is in whole seconds, rounded up by at most one.
local is_restored = false
if state[7] ~= replication_id then
  local uptime = tonumber(read_info('server', 'uptime_in_seconds:(%d+)')) or 0
  is_restored = position <= now - (uptime - 1) * 1000000 and read_info('persistence', 'aof_enabled:(%d)') ~= '1'
  redis.call('HSET', head, 'keeper', replication_id, 'tookOverAt', to_text(took_over))
end

if is_restored or state[5] ~= sizes() then
  redis.call('DEL', tags, keys, recent)
  size[tags], size[keys] = 0, 0
  advance_to(math.max(now, position + 1))
  last_nonce = nonce
  raise_floors(position, position)
  save_head()
end

-- The cursor before this call, and the records that the call appends.
local previous, previous_nonce, appended = position_text, last_nonce, {}
`
