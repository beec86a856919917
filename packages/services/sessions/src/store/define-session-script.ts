import { defineScript, type Script } from '@larder/redis/kit'
import { openClock, openEpoch } from './open-epoch'

/** The arguments of every script on a session; times in ms. */
const commonArgs = ['handle', 'now', 'witnessed', 'epochLife', 'idle', 'precision'] as const

const openTimes = `
idle, precision = tonumber(idle), tonumber(precision)
local function is_over(used, ends) return now >= tonumber(used) + idle + precision or now >= tonumber(ends) end
local function mark_used(ends)
  local life = math.max(1, math.min(ends - now, idle + precision))
  redis.call('HSET', session, 'l', to_text(now))
  redis.call('PEXPIRE', session, to_text(life))
  redis.call('ZADD', live, to_text(now + life), handle)
  redis.call('PEXPIRE', live, to_text(idle + precision))
end
`

interface SessionScriptDefinition<Argument extends string> {
  readonly args?: readonly Argument[]
  readonly allowsOom?: boolean
  /** Lua that returns the reply. */
  readonly body: string
}

/**
 * Defines a script on a session, the epoch of its bucket, and the ends of those that live in it. It
 * replies with the beat of the epoch, 1 if the server has changed or 2 if it has old data, and the reply of `body`.
 */
export function defineSessionScript<const Argument extends string = never>({
  args = [],
  allowsOom,
  body,
}: SessionScriptDefinition<Argument>): Script<
  'session' | 'epoch' | 'live',
  (typeof commonArgs)[number] | Argument
> {
  return defineScript({
    keys: ['session', 'epoch', 'live'],
    args: [...commonArgs, ...args],
    allowsOom: allowsOom ?? false,
    body: `${openClock}${openEpoch}${openTimes}
local function run()
${body.trim()}
end
return {to_text(beat), has_ended and 2 or has_changed and 1 or 0, run()}`,
  })
}
