import type { QuotaScript } from './quota-script'

/**
 * The rules of log-quota.ts in Lua. A quota is stored as a list of times. If the clock was set back by more than a window, all of
 * them become now: nobody is refused for longer than a window.
 */
export const logScript: QuotaScript = {
  rules: `
local log = {}
local function to_text(number) return string.format('%.0f', number) end
local function count_all_now(key, state)
  local used = state.used
  redis.call('DEL', key)
  state.used = 0
  log.charge(key, state, used)
end
function log.load(key, limit, window)
  local oldest = redis.call('LINDEX', key, 0)
  while oldest and tonumber(oldest) <= now - window do
    redis.call('LPOP', key)
    oldest = redis.call('LINDEX', key, 0)
  end
  local state = {used = redis.call('LLEN', key), limit = limit, window = window}
  if oldest and tonumber(oldest) > now + window then count_all_now(key, state) end
  return state
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
  redis.call('PEXPIRE', key, ms_until(now + state.window))
end
function log.ends_at(key, state) return (tonumber(redis.call('LINDEX', key, -1)) or -state.window) + state.window end
`,
  refund: `
function log.refund(key, state, cost) redis.call('LTRIM', key, cost, -1) end
`,
}
