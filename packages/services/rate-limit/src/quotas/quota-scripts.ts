import { defineScript, type Script } from '@larder/redis/kit'
import type { Algorithm } from '../policy'
import { partsPerWindow } from './strict-quota'

/** Times are in µs, of the server's clock unless the caller has one. */
const readClock = `
if tonumber(now) == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
else
  now = tonumber(now)
end
local function to_text(number) return string.format('%.0f', number) end
local function keep_until(key, time) redis.call('PEXPIRE', key, math.max(1, math.ceil((time - now) / 1000))) end
`

/**
 * The algorithms in Lua: those of strict-quota.ts, log-quota.ts and counter-quota.ts. `load` reads the state of a quota, once
 * per call.
 */
const rules: Readonly<Record<Algorithm, string>> = {
  strict: `
local strict = {}
function strict.load(key, limit, window)
  local width = math.ceil(window / ${partsPerWindow})
  local current = math.floor(now / width)
  local oldest, newest, used, ended = current - ${partsPerWindow}, 0, 0, nil
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local part = tonumber(fields[i])
    if part < oldest then
      ended = ended or {}
      ended[#ended + 1] = fields[i]
    else
      used = used + fields[i + 1]
      if part > newest then newest = part end
    end
  end
  return {width = width, current = current, newest = newest, used = used, fields = fields, ended = ended, limit = limit, window = window}
end
local function end_of(state, part) return (part + ${partsPerWindow + 1}) * state.width end
local function parts_in_order(state)
  local parts = {}
  for i = 1, #state.fields, 2 do
    local part = tonumber(state.fields[i])
    if part >= state.current - ${partsPerWindow} then parts[#parts + 1] = {part, tonumber(state.fields[i + 1])} end
  end
  table.sort(parts, function(a, b) return a[1] < b[1] end)
  return parts
end
function strict.wait_for(state, cost)
  local excess = state.used + cost - state.limit
  if excess <= 0 then return 0 end
  for _, part in ipairs(parts_in_order(state)) do
    excess = excess - part[2]
    if excess <= 0 then return end_of(state, part[1]) - now end
  end
  return state.window
end
function strict.charge(key, state, cost)
  if state.ended then redis.call('HDEL', key, unpack(state.ended)) end
  redis.call('HINCRBY', key, to_text(state.current), cost)
  state.fields[#state.fields + 1] = to_text(state.current)
  state.fields[#state.fields + 1] = cost
  state.newest = math.max(state.newest, state.current)
  state.used = state.used + cost
  keep_until(key, end_of(state, state.newest))
end
function strict.ends_at(key, state) return state.newest == 0 and 0 or end_of(state, state.newest) end
`,
  log: `
local log = {}
function log.load(key, limit, window)
  local oldest = redis.call('LINDEX', key, 0)
  while oldest and tonumber(oldest) <= now - window do
    redis.call('LPOP', key)
    oldest = redis.call('LINDEX', key, 0)
  end
  return {used = redis.call('LLEN', key), limit = limit, window = window}
end
function log.wait_for(state, cost, key)
  local excess = state.used + cost - state.limit
  if excess <= 0 then return 0 end
  return (tonumber(redis.call('LINDEX', key, excess - 1)) or now) + state.window - now
end
function log.charge(key, state, cost)
  for _ = 1, cost do redis.call('RPUSH', key, to_text(now)) end
  redis.call('LTRIM', key, -state.limit, -1)
  state.used = math.min(state.limit, state.used + cost)
  keep_until(key, now + state.window)
end
function log.ends_at(key, state) return (tonumber(redis.call('LINDEX', key, -1)) or -state.window) + state.window end
`,
  counter: `
local counter = {}
function counter.load(key, limit, window)
  local fields = redis.call('HMGET', key, 'index', 'current', 'previous')
  local state = {limit = limit, window = window, current = tonumber(fields[2]) or 0, previous = tonumber(fields[3]) or 0}
  local index = tonumber(fields[1]) or 0
  local passed = math.floor(now / window) - index
  if passed > 0 then
    state.previous = passed == 1 and state.current or 0
    state.current = 0
  end
  state.index = math.max(index, math.floor(now / window))
  state.elapsed = now % window
  state.used = state.current + state.previous * (1 - state.elapsed / window)
  return state
end
function counter.wait_for(state, cost)
  if state.used + cost <= state.limit then return 0 end
  local free = state.limit - cost - state.current
  if free >= 0 then return math.ceil(state.window * (1 - free / state.previous) - state.elapsed) end
  return math.ceil(state.window * (2 - (state.limit - cost) / state.current) - state.elapsed)
end
local function store_counts(key, state)
  redis.call('HSET', key, 'index', to_text(state.index), 'current', state.current, 'previous', state.previous)
  keep_until(key, (state.index + 2) * state.window)
end
function counter.charge(key, state, cost)
  state.current = state.current + cost
  state.used = state.used + cost
  store_counts(key, state)
end
function counter.ends_at(key, state)
  if state.current > 0 then return (state.index + 2) * state.window end
  return state.previous > 0 and (state.index + 1) * state.window or 0
end
`,
}

const refunds: Readonly<Record<Algorithm, string>> = {
  strict: `
function strict.refund(key, state, cost)
  for _, part in ipairs(parts_in_order(state)) do
    local taken = math.min(part[2], cost)
    cost = cost - taken
    if taken == part[2] then
      redis.call('HDEL', key, to_text(part[1]))
    elseif taken > 0 then
      redis.call('HINCRBY', key, to_text(part[1]), -taken)
    end
  end
end
`,
  log: `
function log.refund(key, state, cost) redis.call('LTRIM', key, cost, -1) end
`,
  counter: `
function counter.refund(key, state, cost)
  state.current = math.max(0, state.current - math.max(0, cost - state.previous))
  state.previous = math.max(0, state.previous - cost)
  store_counts(key, state)
end
`,
}

/** Four arguments for each key after the first: algorithm, limit, window, and whether the policy counts refused requests. */
const loadQuotas = `
cost = tonumber(cost)
local quotas = {}
for i = 2, #KEYS do
  local at = rest_start + 4 * (i - 2)
  local limit, window = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local rules = algorithms[ARGV[at]]
  quotas[#quotas + 1] = {key = KEYS[i], rules = rules, counts_refused = ARGV[at + 3] == '1', state = rules.load(KEYS[i], limit, window)}
end
`

const decide = `
local blocked_for = math.max(0, redis.call('PTTL', block)) * 1000
local is_allowed = blocked_for == 0
for _, quota in ipairs(quotas) do
  quota.wait = quota.rules.wait_for(quota.state, cost, quota.key)
  if quota.wait > 0 then is_allowed = false end
end
local reply = {is_allowed and 1 or 0, blocked_for}
for _, quota in ipairs(quotas) do
  if charges == '1' and (is_allowed or quota.counts_refused) then
    quota.rules.charge(quota.key, quota.state, cost)
    if not is_allowed then quota.wait = quota.rules.wait_for(quota.state, cost, quota.key) end
  end
  reply[#reply + 1] = math.ceil(quota.state.used)
  reply[#reply + 1] = quota.wait
  reply[#reply + 1] = math.max(0, quota.rules.ends_at(quota.key, quota.state) - now)
end
return reply`

const refund = `
for _, quota in ipairs(quotas) do
  if quota.state.used > 0 then quota.rules.refund(quota.key, quota.state, cost) end
end
return 1`

/**
 * The script that decides on the quotas of one identity, and the one that gives a cost back to them. A script defines only the
 * algorithms that its policies use: Redis runs every definition again with each call.
 */
export interface QuotaScripts {
  readonly decide: Script<'block', 'now' | 'cost' | 'charges'>
  readonly refund: Script<'block', 'now' | 'cost'>
}

const scriptsByUse = new Map<string, QuotaScripts>()

/** The scripts for policies with these algorithms. */
export function quotaScriptsOf(algorithms: readonly Algorithm[]): QuotaScripts {
  const used = [...new Set(algorithms)].sort()
  const scripts = scriptsByUse.get(used.join()) ?? defineQuotaScripts(used)
  scriptsByUse.set(used.join(), scripts)
  return scripts
}

function defineQuotaScripts(used: readonly Algorithm[]): QuotaScripts {
  const definitions = used.map((algorithm) => rules[algorithm]).join('')
  const table = `local algorithms = {${used.map((name) => `${name} = ${name}`).join(', ')}}`
  return {
    decide: defineScript({
      keys: ['block'],
      args: ['now', 'cost', 'charges'],
      body: [readClock, definitions, table, loadQuotas, decide].join(''),
    }),
    refund: defineScript({
      keys: ['block'],
      args: ['now', 'cost'],
      allowsOom: true,
      body: [readClock, definitions, ...used.map((name) => refunds[name]), table, loadQuotas, refund].join(
        '',
      ),
    }),
  }
}
