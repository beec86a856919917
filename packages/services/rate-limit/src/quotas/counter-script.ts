import type { QuotaScript } from './quota-script'

/**
 * The rules of counter-quota.ts in Lua. A quota is stored as the number of its window, and the costs of this window and the last.
 * If the clock was set back by more than a window, all of the cost counts in this one: nobody is refused for longer than two.
 */
export const counterScript: QuotaScript = {
  rules: `
local counter = {}
local function store_counts(key, state)
  store(key, cmsgpack.pack(state.index, state.current, state.previous), (state.index + 2) * state.window)
end
local function count_all_now(key, state)
  state.current, state.previous = state.current + state.previous, 0
  state.index = math.floor(now / state.window)
  store_counts(key, state)
end
function counter.load(key, limit, window, stored)
  local state = {limit = limit, window = window, current = 0, previous = 0}
  local index = 0
  if stored then index, state.current, state.previous = cmsgpack.unpack(stored) end
  local passed = math.floor(now / window) - index
  if passed > 0 then
    state.previous = passed == 1 and state.current or 0
    state.current = 0
  end
  state.index = math.max(index, math.floor(now / window))
  if passed < -1 then count_all_now(key, state) end
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
  refund: `
function counter.refund(key, state, cost)
  state.current = math.max(0, state.current - math.max(0, cost - state.previous))
  state.previous = math.max(0, state.previous - cost)
  store_counts(key, state)
end
`,
}
