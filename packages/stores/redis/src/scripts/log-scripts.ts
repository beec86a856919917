import { maxPositionLead } from '@larder/core'
import { defineScript } from './define-script'
import { collectOverdue, replyWithPage } from './log-page'
import { mergeFamilies } from './merge-families'
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
raise_floors(0, math.min(last, position))
redis.call('HSET', head, 'handedAt', 0)
save_head()
return {nonce}`,
})

/** Appends the members in `rest` at a new position, above every earlier one and above `above`. */
const appendRecords = `
advance_to(math.max(position + 1, now, above + 1))

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
    record_separator()
    redis.call('DEL', tags)
    size[tags] = 0
  end
  put_member(tags, member)
end
for i = rest_start, #ARGV do append_member(ARGV[i]) end
`

/** Parts of a set whose members are measured, and members of each. */
const measuredParts = 16
const measuredMembers = 8

/** Measures the average length of names once a second: many long names have to leave before the number is reached. */
const measureNames = `
local is_new_second = math.floor(now / 1000000) ~= math.floor(tonumber(previous) / 1000000)
local function measure_names(set, field)
  if size[set] <= max_records / 64 then return end
  local part, bytes, count = math.floor(size[set] / ${measuredParts}), 0, 0
  for i = 0, ${measuredParts} - 1 do
    for _, member in ipairs(redis.call('ZRANGE', set, i * part, i * part + ${measuredMembers} - 1)) do
      bytes, count = bytes + #member, count + 1
    end
  end
  local length = math.ceil(bytes / count)
  capacity[set] = capacity_for(length)
  redis.call('HSET', head, field, length)
end
if is_new_second then
  measure_names(tags, 'tagLength')
  measure_names(keys, 'keyLength')
end
`

/** Bounds the log by number and bytes with every call, and by age once a second. Dropped records raise the floor. */
const trimLog = `${measureNames}${mergeFamilies}
local function drop_surplus(set)
  local surplus = math.min(size[set] - capacity[set], 1000)
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
if is_new_second then dropped = math.max(dropped, drop_expired(tags), drop_expired(keys)) end
if dropped > floor then raise_floors(dropped, 0) end
local overdue = {}
save_head()
`

/** Pushes the append. The text begins with the version of its format; `packed` is the members as JSON. */
const publishAppend = `
redis.call('PUBLISH', channel, 'v2 ' .. log_id .. ' ' .. term .. ' ' .. previous .. ' ' .. position_text .. ' ' .. packed)
`

/**
 * Appends records, trims the log, publishes the append, and replies like {@link syncLog}, in one round trip. Also works when
 * memory is full.
 */
export const appendLog = defineScript({
  keys: logKeys,
  args: [...commonArgs, 'packed'],
  allowsOom: true,
  body: `${openLog}
local above = 0
${appendRecords}
${trimLog}
${publishAppend}
${replyWithPage}`,
})

/**
 * Appends records again that the log has lost, above the highest lost position, unless another term has begun. Until the
 * last chunk of them, the log counts as just taken over: nothing that it lacks may be taken for complete. The last one
 * brings the parts of lost histories that are complete with it, as words of term and position.
 */
export const reissueLog = defineScript({
  keys: logKeys,
  args: [...commonArgs, 'packed', 'expectedTerm', 'above', 'completes'],
  allowsOom: true,
  body: `${openLog}
local reissued = redis.call('HGET', head, 'reissued')
if expected_term ~= term then return {nonce, 0, reissued} end
above = tonumber(above)
if above > now + ${maxPositionLead} then above = 0 end
${appendRecords}
if completes == '' then
  redis.call('HSET', head, 'tookOverAt', to_text(now))
else
  reissued = add_words(reissued, completes)
  redis.call('HSET', head, 'reissued', reissued)
end
${trimLog}
${publishAppend}
return {nonce, 1, reissued}`,
})
