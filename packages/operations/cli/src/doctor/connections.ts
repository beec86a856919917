import type { Redis } from 'ioredis'
import { type Info, numberOf } from '../info'
import { formatBytes, formatInteger } from '../text/amounts'
import type { CheckResult } from './finding'
import { readSetting } from './read-setting'

/** A larger share of the connections in use is a warning. */
const maxShare = 0.9
/** Connections of a cache are idle for seconds while nobody reads, in s. */
const minTimeout = 60
/** Bytes of invalidations that a burst may have waiting for one process. */
const minBuffer = 1_000_000

/** Checks that the server has connections left, and ends none that are idle or receive a burst of invalidations. */
export async function checkConnections(node: Redis, info: Info): Promise<CheckResult> {
  const [used, limit] = [numberOf(info, 'connected_clients'), numberOf(info, 'maxclients')]
  const found = `${formatInteger(used)} of ${formatInteger(limit)} connections in use`
  if (limit > 0 && used >= limit * maxShare)
    return {
      status: 'warn',
      found: `${found}: further processes will be refused.`,
      advice: 'Raise maxclients, or find out with CLIENT LIST who holds the connections.',
    }
  const timeout = Number((await readSetting(node, 'timeout')) ?? 0)
  if (timeout > 0 && timeout < minTimeout)
    return {
      status: 'warn',
      found: `${found}; timeout ${timeout}: a connection without a command for ${timeout} s is closed, and the next read has to wait for a new one.`,
      advice: 'CONFIG SET timeout 0.',
    }
  return checkBuffer(found, await readSetting(node, 'client-output-buffer-limit'))
}

/** `limits` is a list of classes, each with its hard limit, its soft limit and the seconds for which the latter may be exceeded. */
function checkBuffer(found: string, limits: string | undefined): CheckResult {
  const [, ...numbers] = /\bpubsub (\d+) (\d+) (\d+)/.exec(limits ?? '') ?? []
  const [hard = 0, soft = 0] = numbers.map(Number)
  const smallest = Math.min(...[hard, soft].filter((size) => size > 0))
  if (smallest >= minBuffer) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}; client-output-buffer-limit pubsub ${numbers.join(' ')}: a process that has more than ${formatBytes(smallest)} of invalidations to receive loses its connection, and hears of them by its next poll only.`,
    advice: "CONFIG SET client-output-buffer-limit 'pubsub 32mb 8mb 60'.",
  }
}
