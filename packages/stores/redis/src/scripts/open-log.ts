import { maxPositionLead, maxTerms } from '@larder/core'
import { hasLoadedFile } from './has-loaded-file'

/** The keys of every script of the log. */
export const logKeys = ['head', 'tags', 'keys', 'links'] as const

/**
 * The arguments of every script of the log: `logAge` and `keyAge` in µs; `after` and `afterTerm` are the caller's cursor, or
 * empty; `separator` is the caller's tag separator after a mark, or empty. The reply begins with `nonce`, a random number from 1 to 2^48 - 1, which is also the id of what the call begins.
 */
export const commonArgs = [
  'pageSize',
  'maxRecords',
  'logAge',
  'keyAge',
  'after',
  'afterTerm',
  'nonce',
  'channel',
  'separator',
] as const

/** Bytes of a name that the maximum number of records provides for. */
const averageLength = 128

const declareLocals = `
page_size, max_records, log_age, key_age = tonumber(page_size), tonumber(max_records), tonumber(log_age), tonumber(key_age)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- Sizes are tracked in Lua, so that each set is measured once.
local size = {[tags] = redis.call('ZCARD', tags), [keys] = redis.call('ZCARD', keys), [links] = redis.call('ZCARD', links)}
local function sizes() return size[tags] .. ' ' .. size[keys] .. ' ' .. size[links] end

local state = redis.call('HMGET', head, 'position', 'term', 'floor', 'keysFloor', 'sizes', 'handedAt', 'server', 'tookOverAt', 'log', 'beat', 'separator', 'tagLength', 'keyLength')
local position, term, floor, keys_floor = tonumber(state[1] or 0), state[2], tonumber(state[3] or 0), tonumber(state[4] or 0)
local took_over, log_id, beat = tonumber(state[8] or 0), state[9], tonumber(state[10] or 0)
local agreed_separator = state[11]

-- Records that each set has space for: fewer, if their names are long on average.
local function capacity_for(length) return math.floor(max_records * math.min(1, ${averageLength} / tonumber(length or 1))) end
local capacity = {[tags] = capacity_for(state[12]), [keys] = capacity_for(state[13])}

-- The position as text is cached: formatting it takes as long as a command.
local function to_text(number) return string.format('%.0f', number) end
local position_text = state[1]
local function advance_to(target) position, position_text = target, to_text(target) end

local function save_head()
  beat = now
  redis.call('HSET', head, 'position', position_text, 'sizes', sizes(), 'beat', to_text(now))
end
local function raise_floors(minimum, keys_minimum)
  floor, keys_floor = math.max(floor, minimum), math.max(keys_floor, keys_minimum)
  redis.call('HSET', head, 'floor', to_text(floor), 'keysFloor', to_text(keys_floor))
end

-- Adds words to a list of words, and keeps the latest ones.
local function add_words(list, added)
  list = list .. ' ' .. added
  local _, count = string.gsub(list, '%S+', '')
  for _ = ${maxTerms} + 1, count do list = string.gsub(list, '^%s*%S+', '') end
  return list
end

local function record_separator()
  if separator == '' then return end
  agreed_separator = separator
  redis.call('HSET', head, 'separator', separator)
end

local function read_info(section, pattern)
  local reply = redis.pcall('INFO', section)
  return type(reply) == 'string' and string.match(reply, pattern) or ''
end
`

const beginTerm = `
-- A changed replication id means that this server was promoted from a replica, or was restarted.
local server = read_info('replication', 'master_replid:(%w+)')
if not agreed_separator then record_separator() end
local is_too_far = position > now + ${maxPositionLead}
if state[5] ~= sizes() or not log_id or is_too_far then
  redis.call('DEL', tags, keys)
  size[tags], size[keys] = 0, 0
  advance_to(is_too_far and now or math.max(now, position + 1))
  log_id, term, took_over, floor, keys_floor = nonce, nonce, 0, 0, 0
  raise_floors(position, position)
  redis.call('HSET', head, 'log', log_id, 'term', term, 'terms', term .. ':' .. position_text .. ':' .. server,
    'reissued', '', 'server', server, 'tookOverAt', 0)
  save_head()
elseif state[7] ~= server then
${hasLoadedFile}
  term, took_over = nonce, now
  local terms = add_words(redis.call('HGET', head, 'terms'), term .. ':' .. position_text .. ':' .. server)
  redis.call('HSET', head, 'term', term, 'terms', terms, 'server', server, 'tookOverAt', to_text(now))
  -- Uptime is in whole seconds, rounded up by at most one. An append-only file lacks less than processes will reissue.
  local uptime = tonumber(read_info('server', 'uptime_in_seconds:(%d+)')) or 0
  local is_snapshot = beat <= now - (uptime - 1) * 1000000 and not has_loaded_file(read_info('persistence', '.+'))
  if now - beat > 60000000 or beat - now > 2000000 or is_snapshot then
    advance_to(math.max(now, position + 1))
    raise_floors(position, position)
    save_head()
  end
end
if took_over > now then
  took_over = now
  redis.call('HSET', head, 'tookOverAt', to_text(now))
end
if math.abs(now - beat) >= 1000000 then redis.call('HSET', head, 'beat', to_text(now)) end
`

const checkCursor = `
-- The position before this call, and the records that the call appends.
local previous, appended = position_text, {}

-- A cursor is known if its term is in the history, and ends at it or later: where the next term found the log.
local known = 1
if after_term == term then
  if tonumber(after) > position then known = 0 end
elseif after_term ~= '' then
  local is_found, term_end
  for id, from in string.gmatch(redis.call('HGET', head, 'terms'), '([^%s:]+):(%d+)') do
    if is_found then term_end = tonumber(from) break end
    is_found = id == after_term
  end
  if not is_found or tonumber(after) > (term_end or position) then known = 0 end
end
`

/**
 * Reads the head of the log and repairs it if needed.
 *
 * A position is the server's time in µs, or one more than the last position, so that positions increase whatever clocks
 * the callers have. The head records the sizes of the sets. If the head is missing, or if a set changed its size (a flush,
 * an eviction of one key), a new log begins, with its floor at the current time: lost records cost misses, and no
 * invalidation is ignored.
 *
 * A server that was promoted or restarted begins a new term at the position that it finds. Processes that have seen lost
 * records will reissue them. If the log was last used over a minute ago, in the future, or before the server loaded a
 * snapshot, there may be no such process: the floor rises to the current time.
 */
export const openLog = `${declareLocals}${beginTerm}${checkCursor}`
