import type { QuotaScript } from './quota-script'
import { partsPerWindow } from './strict-quota'

/**
 * The rules of strict-quota.ts in Lua. A quota is stored as the cost of all parts, the number of the first part, the last part
 * with its cost, and then each earlier part with its cost; parts are numbered from the first one. So a charge reads and writes
 * the beginning only, however many parts there are. All parts are visited once one of them ends, and for the wait of a refused
 * request.
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
function strict.load(key, limit, window, stored)
  local width = math.ceil(window / ${partsPerWindow})
  local state = {width = width, current = math.floor(now / width), limit = limit, window = window}
  if not stored then
    new_quota(state)
    return state
  end
  local offset
  offset, state.used, state.first, state.last, state.last_cost = cmsgpack.unpack_limit(stored, 4, 0)
  state.last = state.first + state.last
  state.earlier = offset == -1 and '' or string.sub(stored, offset + 1)
  if state.first < state.current - ${partsPerWindow} then drop_ended(state) end
  return state
end
local function end_of(state, part) return (part + ${partsPerWindow + 1}) * state.width end
function strict.wait_for(state, cost)
  local excess = state.used + cost - state.limit
  if excess <= 0 then return 0 end
  for part, charged in each_part(state) do
    excess = excess - charged
    if excess <= 0 then return end_of(state, part) - now end
  end
  return state.window
end
local function store_parts(key, state)
  local head = cmsgpack.pack(state.used, state.first, state.last - state.first, state.last_cost)
  store(key, head .. state.earlier, end_of(state, state.last))
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
 * Decides on the most frequent request before any rule is defined, which takes longer than to follow it: one quota that has
 * room for the request, and of which no part has ended. The result is that of the rules.
 */
export const admitAtOnce = `
if #KEYS == 2 and stored[2] and not stored[1] and charges == '1' then
  local limit, window = tonumber(ARGV[rest_start + 1]), tonumber(ARGV[rest_start + 2])
  local width = math.ceil(window / ${partsPerWindow})
  local current = math.floor(now / width)
  local offset, used, first, last, last_cost = cmsgpack.unpack_limit(stored[2], 4, 0)
  if used + cost <= limit and first >= current - ${partsPerWindow} then
    local earlier = offset == -1 and '' or string.sub(stored[2], offset + 1)
    local part = math.max(current - first, last)
    if part > last then
      earlier = earlier .. cmsgpack.pack(last, last_cost)
      last_cost = 0
    end
    local ends = (first + part + ${partsPerWindow + 1}) * width
    store(KEYS[2], cmsgpack.pack(used + cost, first, part, last_cost + cost) .. earlier, ends)
    return {1, 0, used + cost, 0, ends - now}
  end
end
`
