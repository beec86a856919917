/** Bytes of names from each set on one page, so that it arrives in time however long the names are. */
const pageBytes = 262_144

/**
 * Replies with every record after the caller's cursor, cut at a full page without splitting a position. A caller whose
 * cursor is the previous head, which is the usual case, lacks only what this call appended: no set is read. A caller of an
 * unknown cursor gets no records, because it must find out first where the histories parted.
 */
export const replyWithPage = `
local more, cursor, records = 0, position, appended
local function read_after(set)
  if size[set] == 0 then return {} end
  local from = after == '' and '-inf' or '(' .. after
  return redis.call('ZRANGEBYSCORE', set, from, '+inf', 'WITHSCORES', 'LIMIT', 0, page_size)
end
if known == 0 then
  records = {}
elseif after ~= previous then
  local sets = {read_after(tags), read_after(keys), read_after(links)}
  local cut, highest = math.huge, 0
  for _, found in ipairs(sets) do
    if #found == page_size * 2 then cut = math.min(cut, tonumber(found[#found])) end
    local bytes = 0
    for i = 1, #found, 2 do
      bytes = bytes + #found[i]
      if bytes > ${pageBytes} and found[i + 1] ~= found[2] then
        cut = math.min(cut, tonumber(found[i + 1]))
        break
      end
    end
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
  if cut < math.huge then more, cursor = 1, highest end
end
local history = after_term ~= term and redis.call('HMGET', head, 'terms', 'reissued', 'separator') or {}
return {nonce, log_id, term, cursor, position, floor, keys_floor, known, more, now, records, overdue, took_over,
  history[1] or '', history[2] or '', history[3] or ''}
`

/**
 * Collects the oldest records of keys that are past their age, or beyond half of the capacity, in whole positions.
 * They are given to one caller per two seconds, which deletes the invalidated entries and then calls `forgetKeys`.
 */
export const collectOverdue = `
local overdue = {}
local surplus = size[keys] - capacity[keys] / 2
local function is_overdue(rank, position) return rank <= surplus or position <= now - key_age end
local function oldest(count) return redis.call('ZRANGEBYSCORE', keys, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, count) end
local first = size[keys] > 0 and tonumber(oldest(1)[2])
if first and known == 1 and is_overdue(1, first) and math.abs(now - tonumber(state[6] or 0)) > 2000000 then
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
