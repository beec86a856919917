import { maxPositionLead, maxTerms } from '@larder/core'
import { type LogHead, type LogState, sizesOf } from './log-state'

/** Functions of a server that the head of its log depends on. */
export interface ServerFacts {
  /** Identifies the incarnation of the server; changes with a failover and with a restart. */
  identity(): string
  /** How long the server has run, in ms on its wall clock. */
  uptime(): number
  /** Whether the server loaded an append-only file when it started. */
  hasAppendOnlyFile(): boolean
  /** The server's own wall clock, in ms. */
  now(): number
  /** Returns a positive number that was never returned before. */
  nextNonce(): number
}

/** How old the last beat may be when another server takes over, in ms: longer than that takes. */
const longestTakeover = 60_000
/** How far the last beat may lie in the future, in ms: clocks of servers differ. */
const clockTolerance = 2_000
/** A log that is used notes the time at most this often, in ms. */
const beatInterval = 1_000

/**
 * Reads and writes the head of a log. Reading notices what has happened to the log: after a loss of a part, another log
 * begins, with its floor at the current time; a server that has taken over begins another term.
 */
export function createLogHead(facts: ServerFacts) {
  const nowMicros = () => Math.floor(facts.now() * 1_000)

  function saveHead(log: LogState, head: Omit<LogHead, 'sizes' | 'beat'>): LogHead {
    log.head = { ...head, sizes: sizesOf(log), beat: facts.now() }
    return log.head
  }

  function beginLog(log: LogState): LogHead {
    const position = Math.max(nowMicros(), isTooFar(log.head) ? 0 : (log.head?.position ?? 0) + 1)
    log.tags.clear()
    log.keys.clear()
    const id = facts.nextNonce()
    const terms = [{ id, from: position, server: facts.identity() }]
    const floors = { floor: position, keysFloor: position }
    return saveHead(log, { log: id, position, ...floors, terms, reissued: [], tookOverAt: 0, handedOutAt: 0 })
  }

  /** Positions can be ahead of the clock after it was set back, but not by more than a day. */
  function isTooFar(head: LogHead | undefined): boolean {
    return head !== undefined && head.position > nowMicros() + maxPositionLead
  }

  function beginTerm(head: LogHead): LogHead {
    const term = { id: facts.nextNonce(), from: head.position, server: facts.identity() }
    const taken = { ...head, terms: [...head.terms, term].slice(-maxTerms), tookOverAt: facts.now() }
    if (!mayLackWitnesses(head)) return taken
    const position = Math.max(nowMicros(), head.position + 1)
    return { ...taken, position, floor: position, keysFloor: position }
  }

  /** Whether records may be lost that no living process has seen. */
  function mayLackWitnesses({ beat }: LogHead): boolean {
    const now = facts.now()
    if (now - beat > longestTakeover) return true
    if (beat - now > clockTolerance) return true
    return beat <= now - facts.uptime() + 1_000 && !facts.hasAppendOnlyFile()
  }

  return {
    nowMicros,
    saveHead,
    readHead(log: LogState): LogHead {
      const { head } = log
      if (head?.sizes !== sizesOf(log) || isTooFar(head)) return beginLog(log)
      const now = facts.now()
      const current = head.terms.at(-1)?.server === facts.identity() ? head : beginTerm(head)
      const tookOverAt = Math.min(current.tookOverAt, now)
      const beat = Math.abs(now - current.beat) >= beatInterval ? now : current.beat
      log.head = { ...current, tookOverAt, beat }
      return log.head
    },
  }
}

export type ServerLogHead = ReturnType<typeof createLogHead>
