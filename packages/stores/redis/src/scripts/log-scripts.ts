import { script } from './script'

/**
 * The log of one cache. KEYS: head, log, keys, links, recent, all in one slot.
 *
 * Positions are the server's own time in µs, or one more than the last, so they grow whatever clocks callers have. The
 * head knows how many records each set holds. If the head is gone, a set is not what it was (a flush, an eviction of one
 * key), or all of it comes from a snapshot, the log begins anew with the floor at now: what was lost costs misses, and no
 * invalidation is forgotten.
 */
const prelude = `
local head, tags, keys, links, recent = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local page_size, max_records, log_age, key_age = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local after, after_nonce, nonce, channel = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- Counted along, so that no set is asked twice.
local size = {[tags] = redis.call('ZCARD', tags), [keys] = redis.call('ZCARD', keys), [links] = redis.call('ZCARD', links)}
local function sizes() return size[tags] .. ' ' .. size[keys] .. ' ' .. size[links] end

local state = redis.call('HMGET', head, 'position', 'nonce', 'floor', 'keysFloor', 'sizes', 'handedAt', 'keeper', 'tookOverAt')
local position, last_nonce, floor, keys_floor = tonumber(state[1] or 0), state[2], tonumber(state[3]), tonumber(state[4])

-- As text, made once: that takes as long as a command.
local function text(number) return string.format('%.0f', number) end
local written = state[1]
local function advance(to) position, written = to, text(to) end

local function save()
  redis.call('HSET', head, 'position', written, 'nonce', last_nonce, 'sizes', sizes())
  redis.call('ZADD', recent, written, written .. ':' .. last_nonce)
end
local function raise(to, keys_to)
  floor, keys_floor = math.max(floor or 0, to), math.max(keys_floor or 0, keys_to)
  redis.call('HSET', head, 'floor', text(floor), 'keysFloor', text(keys_floor))
end

-- Another id of replication: this server was a replica until now, or was started anew.
local function info(section, pattern)
  local answer = redis.pcall('INFO', section)
  return type(answer) == 'string' and string.match(answer, pattern) or ''
end
local keeper = info('replication', 'master_replid:(%w+)')
local took_over = state[7] and state[7] ~= keeper and now or tonumber(state[8] or 0)

-- A server that was started after the last record has read the log from its disk. A snapshot may be hours old: what was
-- invalidated since has come back with it. An append-only file lacks less than living processes tell again. Uptime is told
-- in whole seconds, up to one too many.
local is_restored = false
if state[7] ~= keeper then
  local uptime = tonumber(info('server', 'uptime_in_seconds:(%d+)')) or 0
  is_restored = position <= now - (uptime - 1) * 1000000 and info('persistence', 'aof_enabled:(%d)') ~= '1'
  redis.call('HSET', head, 'keeper', keeper, 'tookOverAt', text(took_over))
end

if is_restored or state[5] ~= sizes() then
  redis.call('DEL', tags, keys, recent)
  size[tags], size[keys] = 0, 0
  advance(math.max(now, position + 1))
  last_nonce = nonce
  raise(position, position)
  save()
end

-- Where the log stood before this call, and what the call adds to it.
local previous, previous_nonce, added = written, last_nonce, {}
`

/**
 * Answers with everything after the asker's cursor, cut where a page is full so that no position is split. Who stood where
 * the log did, which is nearly everybody, lacks only what was added: nothing is read.
 */
const answer = `
local known, more, at, at_nonce, records = 1, 0, position, last_nonce, added
local function read_after(set)
  if size[set] == 0 then return {} end
  local from = after == '' and '-inf' or '(' .. after
  return redis.call('ZRANGEBYSCORE', set, from, '+inf', 'WITHSCORES', 'LIMIT', 0, page_size)
end
if after ~= previous or after_nonce ~= previous_nonce then
  if after_nonce ~= '' and not redis.call('ZSCORE', recent, after .. ':' .. after_nonce) then known = 0 end
  local sets = {read_after(tags), read_after(keys), read_after(links)}
  local cut, highest = math.huge, 0
  for _, found in ipairs(sets) do
    if #found == page_size * 2 then cut = math.min(cut, tonumber(found[#found])) end
  end
  records = {}
  for _, found in ipairs(sets) do
    for i = 1, #found, 2 do
      local score = tonumber(found[i + 1])
      if score < cut then
        records[#records + 1] = found[i]
        records[#records + 1] = score
        highest = math.max(highest, score)
      end
    end
  end
  if cut < math.huge then more, at, at_nonce = 1, highest, '' end
end
return {at, at_nonce, floor, keys_floor, known, more, now, position, records, overdue, took_over}
`

/**
 * The oldest records of keys that are past their age, or make more than half of what may be kept: whole positions, and to
 * one asker in two seconds, who removes the entries they end and then says so ({@link forgetKeys}).
 */
const handOut = `
local overdue = {}
local surplus = size[keys] - max_records / 2
local function is_overdue(rank, position) return rank <= surplus or position <= now - key_age end
local function oldest(count) return redis.call('ZRANGEBYSCORE', keys, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, count) end
local first = size[keys] > 0 and tonumber(oldest(1)[2])
if first and is_overdue(1, first) and math.abs(now - tonumber(state[6] or 0)) > 2000000 then
  local found, cut = oldest(1001), math.huge
  for i = 1, #found, 2 do
    local rank, position = (i + 1) / 2, tonumber(found[i + 1])
    if rank > 1000 or not is_overdue(rank, position) then cut = math.min(cut, position) end
  end
  for i = 1, #found, 2 do
    local position = tonumber(found[i + 1])
    if position < cut or position == first then
      overdue[#overdue + 1] = found[i]
      overdue[#overdue + 1] = found[i + 1]
    end
  end
  redis.call('HSET', head, 'handedAt', text(now))
end
`

/** Reads on. */
export const syncLog = script(`#!lua flags=allow-oom
${prelude}
${handOut}
${answer}`)

/** Forgets records of keys that are still what they were: ARGV from 9 on holds members and their positions. */
export const forgetKeys = script(`#!lua flags=allow-oom
${prelude}
local last = 0
for i = 9, #ARGV, 2 do
  local forgotten = tonumber(ARGV[i + 1])
  if tonumber(redis.call('ZSCORE', keys, ARGV[i])) == forgotten then
    size[keys] = size[keys] - redis.call('ZREM', keys, ARGV[i])
  end
  last = math.max(last, forgotten)
end
raise(0, last)
redis.call('HSET', head, 'handedAt', 0)
save()
return 1`)

/**
 * Gives the members in ARGV from 13 on a new position, above everything before and above what was lost. What is repeated
 * is spread over positions of a thousand names each, so that a page always has room for one.
 */
const record = `
local at_least, window, packed = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]
advance(math.max(position + 1, now, at_least + 1))
last_nonce = nonce

local function put(set, member)
  size[set] = size[set] + redis.call('ZADD', set, written, member)
  added[#added + 1] = member
  added[#added + 1] = position
end
local function drop(set, member) size[set] = size[set] - redis.call('ZREM', set, member) end
local home = {K = keys, k = keys, L = links, l = keys}
local function add(member)
  local letter, name = string.sub(member, 1, 1), string.sub(member, 2)
  if letter == 'L' then drop(keys, 'l' .. name) end
  if letter == 'l' then drop(links, 'L' .. name) end
  if home[letter] then return put(home[letter], member) end
  if letter == 'A' then
    raise(position, 0)
    redis.call('DEL', tags)
    size[tags] = 0
  end
  put(tags, member)
end
if window > 0 then
  for _, set in ipairs({tags, keys, links}) do
    local doubtful = redis.call('ZRANGEBYSCORE', set, '(' .. text(at_least - window), text(at_least))
    for i, member in ipairs(doubtful) do
      if i % 1000 == 0 then advance(position + 1) end
      put(set, member)
    end
  end
end
for i = 13, #ARGV do add(ARGV[i]) end
`

/**
 * Keeps the log bounded by number, and once a second by age; what is forgotten raises a floor. Bounded work a call: what
 * is too many of `recent` is at most what a second can append, or goes with the seconds to come.
 */
const trim = `
local is_new_second = math.floor(now / 1000000) ~= math.floor(tonumber(previous) / 1000000)
local function forget_surplus(set)
  local surplus = math.min(size[set] - max_records, 1000)
  if surplus <= 0 then return 0 end
  local oldest = redis.call('ZPOPMIN', set, surplus)
  size[set] = size[set] - surplus
  return tonumber(oldest[#oldest])
end
local function forget_old(set)
  local old = redis.call('ZRANGEBYSCORE', set, '-inf', text(now - log_age), 'WITHSCORES', 'LIMIT', 0, 1000)
  if #old == 0 then return 0 end
  size[set] = size[set] - redis.call('ZREMRANGEBYRANK', set, 0, #old / 2 - 1)
  return tonumber(old[#old])
end
local forgotten = math.max(forget_surplus(tags), forget_surplus(keys))
if is_new_second then
  forgotten = math.max(forgotten, forget_old(tags), forget_old(keys))
  local of_late = redis.call('ZCOUNT', recent, text(now - 60000000), '+inf')
  local surplus = redis.call('ZCARD', recent) - math.max(256, math.min(of_late, 65536))
  if surplus > 0 then redis.call('ZREMRANGEBYRANK', recent, 0, math.min(surplus, 20000) - 1) end
end
if forgotten > floor then raise(forgotten, 0) end
local overdue = {}
save()
redis.call('PUBLISH', channel, previous .. ' ' .. previous_nonce .. ' ' .. written .. ' ' .. nonce .. ' ' .. packed)
`

/** Appends, trims, pushes, and answers like {@link syncLog}: one round trip. Also works when memory is full. */
export const appendLog = script(`#!lua flags=allow-oom
${prelude}
${record}
${trim}
${answer}`)
