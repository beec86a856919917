import { defineScript } from '@larder/redis/kit'
import { handleLength } from '../session-id'
import { createSessionScriptDefiner } from './define-session-script'
import { openClock } from './open-epoch'
import { longestEnrollment, type SessionTimes, tombstoneLife } from './session-store'

/** Renews the time of the last use if it is older than `precision`. */
const createRead = (precision: number) => `
local text = redis.call('GET', session)
local found = open_session(text)
if not found then return false end
if now - found.used < ${precision} then return text end
return write_session(found.created, found.ends, found.rest)`

/** Replies without the fields. */
const inspect = `
local text = redis.call('GET', session)
if not open_session(text) then return false end
local user, label, start = string.match(text, '^%S+ %d+ %d+ %d+ (%d+) (%d+)[ %d]*\\n()')
return string.sub(text, 1, start - 1 + user + label)`

/**
 * Restored data may contain a session of another library that was taken over, and has ended since. A session that lives keeps
 * its user and label unless there are others.
 */
const createWrite = (absolute: number) => `
local text = redis.call('GET', session)
if text and string.match(text, '^%S+') ~= epoch_id then return false end
if only_if_new == '1' and string.sub(epoch_text, -1) == '1' then return false end
if enrolled_at ~= '0' and now - tonumber(enrolled_at) > ${longestEnrollment} then return false end
local found = text and open_session(text)
if found and only_if_new == '1' then return found.created end
local created = found and found.created or created_at
if created == '0' then created = to_text(now) end
if found then
  local split = '^ (%d+) (%d+)([ %d]*)\\n()'
  local old_user, old_label, _, old_start = string.match(found.rest, split)
  local user, label, lengths, start = string.match(rest, split)
  local label_start, data_start = start + user, start + user + label
  user, label = string.sub(rest, start, label_start - 1), string.sub(rest, label_start, data_start - 1)
  local old_label_start = old_start + old_user
  if user == '' then user = string.sub(found.rest, old_start, old_label_start - 1) end
  if label == '' then label = string.sub(found.rest, old_label_start, old_label_start + old_label - 1) end
  rest = ' ' .. #user .. ' ' .. #label .. lengths .. '\\n' .. user .. label .. string.sub(rest, data_start)
end
write_session(created, tonumber(created) + ${absolute}, rest)
return created`

/** Adds sessions to those that live, unless they have ended already. Their keys and latest ends come after the others. */
const createEnlist = (longestPause: number) => `
local epoch_id = string.match(redis.call('GET', epoch) or '', '^%S+')
for i = 3, #KEYS do
  local text = redis.call('GET', KEYS[i])
  if text and string.match(text, '^%S+') == epoch_id then
    redis.call('ZADD', live, ARGV[i - 2], string.sub(KEYS[i], -${handleLength}))
  end
end
redis.call('PEXPIRE', live, '${longestPause}')
return 1`

/**
 * After the arguments: for each changed field its name as JSON, and its JSON before and after, empty for none. A field that
 * was not there comes last.
 */
const save = `
local text = redis.call('GET', session)
local tombstone, successor = string.match(text or '', '^(%a+) ?(.*)$')
if tombstone then return {tombstone, successor} end
local found = open_session(text)
if not found then return {'ended'} end

local user, label, lengths, start = string.match(found.rest, '^ (%d+) (%d+)([ %d]*)\\n()')
local at = start + user + label + 1
local names, values = {}, {}
for name_length, length in string.gmatch(lengths, '(%d+) (%d+)') do
  local name = string.sub(found.rest, at, at + name_length - 1)
  at = at + name_length + 1
  names[#names + 1], values[name] = name, string.sub(found.rest, at, at + length - 1)
  at = at + length + 1
end
for i = rest_start, #ARGV, 3 do
  local name, before, after = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local current = values[name] or ''
  local is_conflict = current ~= before and current ~= after
  if is_conflict and on_conflict == 'refuse' then return {'conflict'} end
  if not is_conflict or on_conflict == 'last' then
    if not values[name] then names[#names + 1] = name end
    values[name] = after
  end
end

local written, fields = {' ' .. user, label}, {}
for _, name in ipairs(names) do
  local value = values[name]
  if value ~= '' then
    written[#written + 1] = #name .. ' ' .. #value
    fields[#fields + 1] = name .. ':' .. value
  end
end
local owner = string.sub(found.rest, start, start - 1 + user + label)
local data = '{' .. table.concat(fields, ',') .. '}'
write_session(found.created, found.ends, table.concat(written, ' ') .. '\\n' .. owner .. data)
return {'saved'}`

/** Without a successor, a session that was renewed ends for good. */
const end = `
local text = redis.call('GET', session)
local tombstone, latest = string.match(text or '', '^(%a+) ?(.*)$')
if tombstone and successor ~= '' then return {tombstone, latest} end
redis.call('ZREM', live, handle)
redis.call('SET', session, successor == '' and 'ended' or 'renewed ' .. successor, 'PX', ${tombstoneLife})
if tombstone then return {tombstone, latest} end
return open_session(text) and {'live', text} or {'ended'}`

/** Counts the sessions of a bucket that live; like every script, it also looks at what has happened to the server. */
const count = "return redis.call('ZCOUNT', live, '(' .. to_text(now), '+inf')"

export type SessionScripts = ReturnType<typeof defineSessionScripts>

/**
 * Defines the scripts on sessions that end after these times, which are part of their texts. Reads, and the end of a session,
 * run although memory is full.
 */
export function defineSessionScripts(times: SessionTimes) {
  const define = createSessionScriptDefiner(times)
  return {
    read: define({ allowsOom: true, body: createRead(times.precision) }),
    inspect: define({ allowsOom: true, body: inspect }),
    write: define({
      args: ['createdAt', 'enrolledAt', 'onlyIfNew', 'rest'],
      body: createWrite(times.absolute),
    }),
    enlist: defineScript({
      keys: ['live', 'epoch'],
      args: [],
      body: createEnlist(times.idle + times.precision),
    }),
    save: define({ args: ['onConflict'], body: save }),
    end: define({ args: ['successor'], allowsOom: true, body: end }),
    count: define({ allowsOom: true, body: count }),
    enroll: defineEnrollment(times.absolute),
  }
}

/** Adds a session to those of its user, ordered by their absolute ends. */
function defineEnrollment(absolute: number) {
  return defineScript({
    keys: ['index'],
    args: ['now', 'createdAt', 'handle'],
    body: `${openClock}
redis.call('ZREMRANGEBYSCORE', index, '-inf', to_text(now))
local created = created_at == '0' and now or tonumber(created_at)
local ends = created + ${absolute}
redis.call('ZADD', index, to_text(ends), handle)
if redis.call('PTTL', index) < ends - now then redis.call('PEXPIRE', index, to_text(math.max(1, ends - now))) end
return {to_text(now), redis.call('ZCARD', index)}`,
  })
}
