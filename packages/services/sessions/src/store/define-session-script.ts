import { defineScript, type Script } from '@larder/redis/kit'
import { handleLength } from '../session-id'
import { createEpochOpening, openClock } from './open-epoch'
import type { SessionTimes } from './session-store'

/** The arguments of every script on a session: see open-epoch.ts. */
const commonArgs = ['now', 'known', 'seenServer'] as const

/** An epoch outlives the sessions of its bucket by this, in ms. */
const spareLife = 60_000

/**
 * Opens and writes the text of a session: see session-text.ts. The key of a session ends in its handle. `open_session` returns nothing for one that does not live.
 * `write_session` counts as a use, and returns the text.
 */
const createSessionOpening = (longestPause: number) => `
local handle = string.sub(session, -${handleLength})
local function open_session(text)
  local id, used, created, ends, rest = string.match(text or '', '^(%S+) (%d+) (%d+) (%d+)(.*)$')
  if id ~= epoch_id then return nil end
  used, ends = tonumber(used), tonumber(ends)
  if now >= used + ${longestPause} or now >= ends then return nil end
  return {used = used, created = created, ends = ends, rest = rest}
end
local function write_session(created, ends, rest)
  local life = math.max(1, math.min(ends - now, ${longestPause}))
  local text = epoch_id .. ' ' .. to_text(now) .. ' ' .. created .. ' ' .. to_text(ends) .. rest
  redis.call('SET', session, text, 'PX', to_text(life))
  redis.call('ZADD', live, to_text(now + life), handle)
  redis.call('PEXPIRE', live, '${longestPause}')
  return text
end
`

interface SessionScriptDefinition<Argument extends string> {
  readonly args?: readonly Argument[]
  readonly allowsOom?: boolean
  /** Lua that returns the reply. */
  readonly body: string
}

/** Defines scripts for sessions that end after these times. */
export function createSessionScriptDefiner({ idle, precision }: SessionTimes) {
  const longestPause = idle + precision
  const opening = [
    openClock,
    createEpochOpening(longestPause + spareLife),
    createSessionOpening(longestPause),
  ]
  /**
   * Defines a script on a session, the epoch of its bucket, and the ends of those that live in it. It replies with its look
   * at the server (see open-epoch.ts), and the reply of `body`.
   */
  return <const Argument extends string = never>({
    args = [],
    allowsOom,
    body,
  }: SessionScriptDefinition<Argument>): Script<
    'session' | 'epoch' | 'live',
    (typeof commonArgs)[number] | Argument
  > =>
    defineScript({
      keys: ['session', 'epoch', 'live'],
      args: [...commonArgs, ...args],
      allowsOom: allowsOom ?? false,
      body: `${opening.join('')}
local function run()
${body.trim()}
end
return {look, run()}`,
    })
}
