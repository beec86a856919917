import type { Invalidation, LogRecord } from '../contracts/log'

/** A link made by this process that the log has not confirmed. */
interface WaitingLink {
  /** The number of the link among all invalidations issued by this process. */
  readonly sequence: number
  /** The latest removal of the same link that was read from the log since. */
  removal: LogRecord | undefined
}

/**
 * Links that this process has made, until the log confirms them. A record that removes such a link was appended before it, as
 * a rule, and must not undo it: values would lack the parent, although its invalidations rely on the link. It is put off
 * until the link has its position on the log, which decides.
 */
export function createWaitingLinks() {
  const links = new Map<string, WaitingLink>()

  return {
    /** Notes a change of a link that is in force in this process, before it is appended to the log. */
    noteChange({ scope, name }: Invalidation, sequence: number): void {
      if (scope === 'link') links.set(name, { sequence, removal: undefined })
      else if (scope === 'unlink') links.delete(name)
    },

    /** Puts off a record that removes a waiting link. Returns whether it did. */
    putOff(record: LogRecord): boolean {
      const link = record.scope === 'unlink' ? links.get(record.name) : undefined
      if (link === undefined) return false
      if (link.removal === undefined || link.removal.position < record.position) link.removal = record
      return true
    },

    /** The log has confirmed a change. Returns the removal that was put off, to be applied now. */
    confirm({ scope, name }: Invalidation, sequence: number): LogRecord | undefined {
      const link = scope === 'link' ? links.get(name) : undefined
      if (link === undefined || link.sequence > sequence) return undefined
      links.delete(name)
      return link.removal
    },
  }
}

export type WaitingLinks = ReturnType<typeof createWaitingLinks>
