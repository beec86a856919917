import type { QuotaScript } from './quota-script'
import { partsPerWindow } from './strict-quota'

/** The cost of all parts, the cost of the last one, the number of the first one, and the last one as counted from it. */
const headFormat = '>dddB'
const headSize = 25

/**
 * The rules of strict-quota.ts in Lua. A quota is stored as a head of fixed size, and then each part before the last one with
 * its cost (MessagePack), counted from the first part. So a charge to the last part reads and writes the head only, however
 * many parts there are. All parts are visited once one of them ends, and for the wait of a refused request. If the clock was set
 * back by more than a window, all of the cost counts as of now: nobody is refused for longer than a window.
 */
export const strictScript: QuotaScript = {
  rules: `
local strict = {}
local function new_quota(state)
  state.used, state.first, state.last, state.last_cost, state.earlier = 0, state.current, state.current, 0, ''
end
local function each_part(state)
  local first, last, last_cost, earlier = state.first, state.last, state.last_cost, state.earlier
  local offset = earlier == '' and -1 or 0
  return function()
    if offset == nil then return nil end
    if offset == -1 then
      offset = nil
      return last, last_cost
    end
    local part, cost
    offset, part, cost = cmsgpack.unpack_limit(earlier, 2, offset)
    return first + part, cost
  end
end
local function append_part(state, part, cost)
  if cost == 0 then return end
  if state.last_cost == 0 then
    state.first = part
  elseif part > state.last then
    state.earlier = state.earlier .. cmsgpack.pack(state.last - state.first, state.last_cost)
    state.last_cost = 0
  end
  state.used, state.last, state.last_cost = state.used + cost, part, state.last_cost + cost
end
local function drop_ended(state)
  local next_part = each_part(state)
  new_quota(state)
  for part, cost in next_part do
    if part >= state.current - ${partsPerWindow} then append_part(state, part, cost) end
  end
end
local function end_of(state, part) return (part + ${partsPerWindow + 1}) * state.width end
local function store_parts(key, state)
  local head = struct.pack('${headFormat}', state.used, state.last_cost, state.first, state.last - state.first)
  store(key, head .. state.earlier, end_of(state, state.last))
end
local function count_all_now(key, state)
  state.first, state.last, state.last_cost, state.earlier = state.current, state.current, state.used, ''
  store_parts(key, state)
end
function strict.load(key, limit, window, stored)
  local width = math.ceil(window / ${partsPerWindow})
  local state = {width = width, current = math.floor(now / width), limit = limit, window = window}
  if not stored then
    new_quota(state)
    return state
  end
  local span
  state.used, state.last_cost, state.first, span = struct.unpack('${headFormat}', stored)
  state.last = state.first + span
  state.earlier = string.sub(stored, ${headSize + 1})
  if state.first < state.current - ${partsPerWindow} then drop_ended(state) end
  if state.last > state.current + ${partsPerWindow} then count_all_now(key, state) end
  return state
end
function strict.wait_for(state, cost)
  local excess = state.used + cost - state.limit
  if excess <= 0 then return 0 end
  for part, charged in each_part(state) do
    excess = excess - charged
    if excess <= 0 then return end_of(state, part) - now end
  end
  return state.window
end
function strict.charge(key, state, cost)
  append_part(state, math.max(state.current, state.last), cost)
  store_parts(key, state)
end
function strict.ends_at(key, state) return state.used == 0 and 0 or end_of(state, state.last) end
`,
  refund: `
function strict.refund(key, state, cost)
  local next_part = each_part(state)
  new_quota(state)
  for part, charged in next_part do
    local taken = math.min(charged, cost)
    cost = cost - taken
    append_part(state, part, charged - taken)
  end
  if state.used == 0 then redis.call('DEL', key) else store_parts(key, state) end
end
`,
}

/**
 * Decides on the most frequent request before anything else is defined or read, which takes longer than to follow it: one quota
 * that has room for the request, and of which no part has ended. The result is that of the rules. Numbers that commands take
 * are texts where they can be: Redis formats others by `printf`.
 */
export const admitAtOnce = `
if #KEYS == 2 and charges == '1' and redis.call('EXISTS', block) == 0 then
  local quota = KEYS[2]
  local head = redis.call('GETRANGE', quota, '0', '${headSize - 1}')
  if head ~= '' then
    local used, last_cost, first, span = struct.unpack('${headFormat}', head)
    local limit, width = tonumber(ARGV[rest_start + 1]), math.ceil(ARGV[rest_start + 2] / ${partsPerWindow})
    local current, last = math.floor(now / width), first + span
    used = used + cost
    local is_recent = first >= current - ${partsPerWindow} and last <= current + ${partsPerWindow}
    if used <= limit and is_recent then
      local ends = (math.max(current, last) + ${partsPerWindow + 1}) * width
      if current > last then
        redis.call('APPEND', quota, cmsgpack.pack(span, last_cost))
        redis.call('PEXPIRE', quota, math.ceil((ends - now) / 1000))
        span, last_cost = current - first, 0
      end
      redis.call('SETRANGE', quota, '0', struct.pack('${headFormat}', used, last_cost + cost, first, span))
      return {1, 0, used, 0, ends - now}
    end
  end
end
`
