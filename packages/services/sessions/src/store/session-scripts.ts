import { defineScript } from '@larder/redis/kit'
import { defineSessionScript } from './define-session-script'
import { openClock } from './open-epoch'

/**
 * A session is a hash. Fields of one letter are its record: `u` user, `b` label, `c` created, `l` last used, `e` absolute end,
 * `g` the epoch; `d:NAME` is the JSON of a field. A tombstone has `!`, `ended` or `renewed`, and `n`, the handle under which
 * it goes on. Times are in ms, of the server's clock unless the caller has one.
 */
const readRecord = `
local fields = redis.call('HGETALL', session)
local record = {}
for i = 1, #fields, 2 do
  if #fields[i] == 1 then record[fields[i]] = fields[i + 1] end
end
local is_live = record.l and record.g == epoch_id and not is_over(record.l, record.e)
`

/** Reads, and the end of a session, run although memory is full. */
export const readSession = defineSessionScript({
  allowsOom: true,
  body: `${readRecord}
if not is_live then return {} end
if now - tonumber(record.l) >= precision then mark_used(tonumber(record.e)) end
return fields`,
})

export const inspectSession = defineSessionScript({
  allowsOom: true,
  body: `
local found = redis.call('HMGET', session, 'l', 'e', 'c', 'u', 'b', 'g')
if not found[1] or found[6] ~= epoch_id or is_over(found[1], found[2]) then return {} end
return {'l', found[1], 'c', found[3], 'u', found[4] or '', 'b', found[5] or ''}`,
})

/** Restored data may contain a session of another library that was taken over, and has ended since. */
export const writeSession = defineSessionScript({
  args: ['absolute', 'createdAt', 'enrolledAt', 'longestEnrollment', 'onlyIfNew', 'user', 'label'],
  body: `${readRecord}
if record['!'] or record.g and record.g ~= epoch_id then return false end
if only_if_new == '1' and is_restored then return false end
if tonumber(enrolled_at) > 0 and now - tonumber(enrolled_at) > tonumber(longest_enrollment) then return false end
if only_if_new == '1' and record.c then return record.c end
local created = record.c or created_at
if tonumber(created) == 0 then created = to_text(now) end
local ends = tonumber(created) + tonumber(absolute)
for i = 1, #fields, 2 do
  if #fields[i] > 1 then redis.call('HDEL', session, fields[i]) end
end
local written = {'c', created, 'e', to_text(ends), 'g', epoch_id}
if user ~= '' then written[#written + 1], written[#written + 2] = 'u', user end
if label ~= '' then written[#written + 1], written[#written + 2] = 'b', label end
for i = rest_start, #ARGV do written[#written + 1] = ARGV[i] end
-- Lua unpacks a few thousand values at most.
for i = 1, #written, 1000 do
  redis.call('HSET', session, unpack(written, i, math.min(i + 999, #written)))
end
redis.call('ZREMRANGEBYSCORE', live, '-inf', to_text(now))
mark_used(ends)
return created`,
})

/** After the arguments: the name of each changed field, and its JSON before and after, empty for none. */
export const saveSession = defineSessionScript({
  args: ['refusesConflicts'],
  body: `
local state = redis.call('HMGET', session, 'l', 'e', '!', 'n', 'g')
if state[3] then return {state[3], state[4] or ''} end
if not state[1] or state[5] ~= epoch_id or is_over(state[1], state[2]) then return {'ended'} end
if refuses_conflicts == '1' then
  for i = rest_start, #ARGV, 3 do
    local current = redis.call('HGET', session, ARGV[i]) or ''
    if current ~= ARGV[i + 1] and current ~= ARGV[i + 2] then return {'conflict'} end
  end
end
for i = rest_start, #ARGV, 3 do
  if ARGV[i + 2] == '' then
    redis.call('HDEL', session, ARGV[i])
  else
    redis.call('HSET', session, ARGV[i], ARGV[i + 2])
  end
end
mark_used(tonumber(state[2]))
return {'saved'}`,
})

/** Without a successor, a session that was renewed ends for good. */
export const endSession = defineSessionScript({
  args: ['tombstoneLife', 'successor'],
  allowsOom: true,
  body: `${readRecord}
if record['!'] and successor ~= '' then return {record['!'], record.n or ''} end
redis.call('DEL', session)
redis.call('ZREM', live, handle)
if successor == '' then
  redis.call('HSET', session, '!', 'ended')
else
  redis.call('HSET', session, '!', 'renewed', 'n', successor)
end
redis.call('PEXPIRE', session, tombstone_life)
if record['!'] then return {record['!'], record.n or ''} end
if not is_live then return {'ended'} end
return {'live', fields}`,
})

/** Counts the sessions of a bucket that live; like every script, it also looks at what has happened to the server. */
export const countSessions = defineSessionScript({
  allowsOom: true,
  body: "return redis.call('ZCOUNT', live, '(' .. to_text(now), '+inf')",
})

/** Adds a session to those of its user, ordered by their absolute ends. */
export const enrollSession = defineScript({
  keys: ['index'],
  args: ['now', 'absolute', 'createdAt', 'handle'],
  body: `${openClock}
redis.call('ZREMRANGEBYSCORE', index, '-inf', to_text(now))
local created = tonumber(created_at) == 0 and now or tonumber(created_at)
local ends = created + tonumber(absolute)
redis.call('ZADD', index, to_text(ends), handle)
if redis.call('PTTL', index) < ends - now then redis.call('PEXPIRE', index, to_text(math.max(1, ends - now))) end
return {to_text(now), redis.call('ZCARD', index)}`,
})
