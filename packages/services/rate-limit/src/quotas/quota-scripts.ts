import { defineScript, type Script } from '@larder/redis/kit'
import type { Algorithm } from '../policy'
import { counterScript } from './counter-script'
import { logScript } from './log-script'
import type { QuotaScript } from './quota-script'
import { admitAtOnce, strictScript } from './strict-script'

/** Times are in µs, of the server's clock unless the caller has one. */
const readArguments = `
if now == '0' then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
else
  now = tonumber(now)
end
cost = tonumber(cost)
`

/** Reads the block and the quotas of all keys after it at once; states that are packed are strings, and MGET skips lists. */
const readState = `
local function ms_until(time) return math.max(1, math.ceil((time - now) / 1000)) end
local function store(key, state, time) redis.call('SET', key, state, 'PX', ms_until(time)) end
local stored = redis.call('MGET', unpack(KEYS))
`

const scriptOf: Readonly<Record<Algorithm, QuotaScript>> = {
  strict: strictScript,
  log: logScript,
  counter: counterScript,
}

/** There are four arguments for each quota: algorithm, limit, window, and whether the policy counts refused requests. */
const loadQuotas = `
local quotas = {}
for i = 2, #KEYS do
  local at = rest_start + 4 * (i - 2)
  local limit, window = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local rules = algorithms[ARGV[at]]
  quotas[#quotas + 1] = {key = KEYS[i], rules = rules, counts_refused = ARGV[at + 3] == '1', state = rules.load(KEYS[i], limit, window, stored[i])}
end
`

/**
 * A block is stored as its length in ms, and lasts as long as its key. If the clock was set back, the key would last longer by as
 * much: the block begins again instead, so nobody is refused for longer than its length.
 */
const readBlock = `
local function read_block()
  if not stored[1] then return 0 end
  local left = redis.call('PTTL', block)
  if left <= tonumber(stored[1]) then return math.max(0, left) * 1000 end
  redis.call('PEXPIRE', block, stored[1])
  return stored[1] * 1000
end
`

const decide = `
local blocked_for = read_block()
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
  const definitions = used.map((algorithm) => scriptOf[algorithm].rules).join('')
  const shortcut = used.join() === 'strict' ? admitAtOnce : ''
  const table = `local algorithms = {${used.map((name) => `${name} = ${name}`).join(', ')}}`
  return {
    decide: defineScript({
      keys: ['block'],
      args: ['now', 'cost', 'charges'],
      body: [readArguments, shortcut, readState, readBlock, definitions, table, loadQuotas, decide].join(''),
    }),
    refund: defineScript({
      keys: ['block'],
      args: ['now', 'cost'],
      allowsOom: true,
      body: [
        readArguments,
        readState,
        definitions,
        ...used.map((name) => scriptOf[name].refund),
        table,
        loadQuotas,
        refund,
      ].join(''),
    }),
  }
}
