/**
 * Replies with every record after the caller's cursor, cut at a full page without splitting a position. A caller whose
 * cursor is the previous head, which is the usual case, lacks only what this call appended: no set is read.
 */
export const replyWithPage = `
local known, more, cursor, cursor_nonce, records = 1, 0, position, last_nonce, appended
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
  if cut < math.huge then more, cursor, cursor_nonce = 1, highest, '' end
end
return {cursor, cursor_nonce, floor, keys_floor, known, more, now, position, records, overdue, took_over}
`

/**
 * Collects the oldest records of keys that are past their age, or beyond half of the maximum number, in whole positions.
 * They are given to one caller per two seconds, which deletes the invalidated entries and then calls `forgetKeys`.
 */
export const collectOverdue = `
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
  redis.call('HSET', head, 'handedAt', to_text(now))
end
`
