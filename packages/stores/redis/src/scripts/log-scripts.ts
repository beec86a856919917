import { defineScript } from './define-script'
import { collectOverdue, replyWithPage } from './log-page'
import { commonArgs, logKeys, openLog } from './open-log'

/** Reads the log after the caller's cursor. */
export const syncLog = defineScript({
  keys: logKeys,
  args: commonArgs,
  allowsOom: true,
  body: `${openLog}
${collectOverdue}
${replyWithPage}`,
})

/** Removes records of keys, given as members and positions in turn. A record with a newer position stays. */
export const forgetKeys = defineScript({
  keys: logKeys,
  args: commonArgs,
  allowsOom: true,
  body: `${openLog}
local last = 0
for i = rest_start, #ARGV, 2 do
  local forgotten = tonumber(ARGV[i + 1])
  if tonumber(redis.call('ZSCORE', keys, ARGV[i])) == forgotten then
    size[keys] = size[keys] - redis.call('ZREM', keys, ARGV[i])
  end
  last = math.max(last, forgotten)
end
raise_floors(0, last)
redis.call('HSET', head, 'handedAt', 0)
save_head()
return 1`,
})

/**
 * Appends the members in `rest` at a new position, above every earlier one and above `atLeast`, the position of a lost
 * head. Records within `window` µs before that are reissued, spread over positions of a thousand members each, so that a
 * page always has space for a whole position.
 */
const appendRecords = `
at_least, window = tonumber(at_least), tonumber(window)
advance_to(math.max(position + 1, now, at_least + 1))
last_nonce = nonce

local function put_member(set, member)
  size[set] = size[set] + redis.call('ZADD', set, position_text, member)
  appended[#appended + 1] = member
  appended[#appended + 1] = position
end
local function remove_member(set, member) size[set] = size[set] - redis.call('ZREM', set, member) end
local set_of = {K = keys, k = keys, L = links, l = keys}
local function append_member(member)
  local letter, name = string.sub(member, 1, 1), string.sub(member, 2)
  if letter == 'L' then remove_member(keys, 'l' .. name) end
  if letter == 'l' then remove_member(links, 'L' .. name) end
  if set_of[letter] then return put_member(set_of[letter], member) end
  if letter == 'A' then
    raise_floors(position, 0)
    redis.call('DEL', tags)
    size[tags] = 0
  end
  put_member(tags, member)
end
if window > 0 then
  for _, set in ipairs({tags, keys, links}) do
    local uncertain = redis.call('ZRANGEBYSCORE', set, '(' .. to_text(at_least - window), to_text(at_least))
    for i, member in ipairs(uncertain) do
      if i % 1000 == 0 then advance_to(position + 1) end
      put_member(set, member)
    end
  end
end
for i = rest_start, #ARGV do append_member(ARGV[i]) end
`

/**
 * Bounds the log by number with every call, and by age once a second. Dropped records raise the floor. The work of a call
 * is bounded: the surplus of `recent` is at most one second's appends, or is removed over the following seconds.
 */
const trimLog = `
local is_new_second = math.floor(now / 1000000) ~= math.floor(tonumber(previous) / 1000000)
local function drop_surplus(set)
  local surplus = math.min(size[set] - max_records, 1000)
  if surplus <= 0 then return 0 end
  local oldest = redis.call('ZPOPMIN', set, surplus)
  size[set] = size[set] - surplus
  return tonumber(oldest[#oldest])
end
local function drop_expired(set)
  local expired = redis.call('ZRANGEBYSCORE', set, '-inf', to_text(now - log_age), 'WITHSCORES', 'LIMIT', 0, 1000)
  if #expired == 0 then return 0 end
  size[set] = size[set] - redis.call('ZREMRANGEBYRANK', set, 0, #expired / 2 - 1)
  return tonumber(expired[#expired])
end
local dropped = math.max(drop_surplus(tags), drop_surplus(keys))
if is_new_second then
  dropped = math.max(dropped, drop_expired(tags), drop_expired(keys))
  local last_minute = redis.call('ZCOUNT', recent, to_text(now - 60000000), '+inf')
  local surplus = redis.call('ZCARD', recent) - math.max(256, math.min(last_minute, 65536))
  if surplus > 0 then redis.call('ZREMRANGEBYRANK', recent, 0, math.min(surplus, 20000) - 1) end
end
if dropped > floor then raise_floors(dropped, 0) end
local overdue = {}
save_head()
redis.call('PUBLISH', channel, previous .. ' ' .. previous_nonce .. ' ' .. position_text .. ' ' .. nonce .. ' ' .. packed)
`

/**
 * Appends records, trims the log, publishes the append, and replies like {@link syncLog}, in one round trip. `packed` is
 * the members as JSON. Also works when memory is full.
 */
export const appendLog = defineScript({
  keys: logKeys,
  args: [...commonArgs, 'atLeast', 'window', 'packed'],
  allowsOom: true,
  body: `${openLog}
${appendRecords}
${trimLog}
${replyWithPage}`,
})
