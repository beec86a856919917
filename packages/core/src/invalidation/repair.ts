import type { Clock } from '../contracts/clock'
import {
  type Cursor,
  type Invalidation,
  type InvalidationLog,
  type LogPage,
  maxRecordsPerPosition,
} from '../contracts/log'
import { LarderError } from '../errors'
import { coversAll, type FollowerPlace } from './log-history'
import { collectLoss, type Loss, listRecords } from './loss'
import type { TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** A loss of more records than this is not reissued at once: another process may do it first. */
const smallLoss = 100
/** The longest wait before a large loss is reissued, in ms. */
const maxWait = 300

/** Dependencies of {@link createLogRepair}. */
interface LogRepairOptions {
  readonly log: InvalidationLog
  readonly clock: Clock
  readonly table: TagTable
  readonly graph: TagGraph
  /** The log had lost records; so many were appended again by this process. */
  onRepaired(reissued: number): void
}

/** How much of a loss has been reissued in one term. */
interface Progress {
  readonly term: number
  readonly records: readonly Invalidation[]
  reissued: number
}

/**
 * Reissues records that the log has lost and this process has seen. The one who has reissued a lost history up to a
 * position leaves a mark on the log, so that of a fleet one or a few do the work.
 */
export function createLogRepair(options: LogRepairOptions) {
  const { log, table, graph, onRepaired } = options
  const namesInForce = createNamesInForce(table)
  let loss: Loss | undefined
  let progress: Progress | undefined

  function finish(reissued: number): void {
    loss = undefined
    progress = undefined
    onRepaired(reissued)
  }

  /** Each chunk is a call with a deadline of its own; only the last one leaves the mark. */
  async function reissueChunk(
    present: number,
    { above, completes, lost }: Loss,
    { records, ...done }: Progress,
  ) {
    const chunk = records.slice(done.reissued, done.reissued + maxRecordsPerPosition)
    const reissued = done.reissued + chunk.length
    const isLast = reissued >= records.length
    const answer = await log.reissue(chunk, { term: present, above, completes: isLast ? completes : [] })
    if (!answer.accepted) throw new LarderError('STORE_FAILED', 'Another server has taken over the log.')
    if (isLast || coversAll(answer.reissued, lost)) finish(reissued)
    else progress = { term: present, records, reissued }
  }

  return {
    /** Whether records of this process are missing on the log. */
    get isPending() {
      return loss !== undefined
    },

    /**
     * The log does not know the follower's cursor. Notes what has to be reissued, and puts it in force here. Returns the
     * cursor from which to read on; undefined to read from the beginning.
     */
    partFrom(place: FollowerPlace, page: LogPage, sequence: number): Cursor | undefined {
      const { common, ...found } = collectLoss({ place, page, table, graph, earlier: loss })
      loss = found
      progress = undefined
      namesInForce.add(found.names, sequence)
      if (common === undefined && found.names.length === 0 && found.links.size === 0) finish(0)
      return common
    },

    /** The log has this link, so that it need not be reissued. */
    noteLink(name: string): void {
      if (progress === undefined) loss?.links.delete(name)
    },

    /** Reissues what is missing, in the term that was just read to its end. Rejects if the log cannot be reached. */
    async reissueLoss(present: number): Promise<void> {
      if (loss !== undefined && progress === undefined && (await isRepaired(loss, options))) finish(0)
      while (loss !== undefined) {
        const current = progress?.term === present ? progress : undefined
        await reissueChunk(
          present,
          loss,
          current ?? { term: present, records: listRecords(loss), reissued: 0 },
        )
      }
    },

    /** The reissued names were read at their new positions. */
    confirmNames: namesInForce.confirmAll,
  }
}

export type LogRepair = ReturnType<typeof createLogRepair>

/** Whether there is nothing to do any more: another process was faster, or the server that has the records is back. */
async function isRepaired({ names, links, lost }: Loss, { log, clock }: LogRepairOptions): Promise<boolean> {
  const size = names.length + links.size
  const wait = maxWait * Math.min(1, size / maxRecordsPerPosition) * clock.random()
  if (size > smallLoss) await new Promise<void>((resolve) => void clock.timeout(wait, resolve))
  const { known, history } = await log.sync(lost.at(-1))
  return known || coversAll(history?.reissued ?? [], lost)
}

/** Names of a loss are in force in this process until they were read from the log again, as if it had invalidated them itself. */
function createNamesInForce(table: TagTable) {
  let batches: (readonly [names: readonly Invalidation[], sequence: number])[] = []

  return {
    add(names: readonly Invalidation[], sequence: number): void {
      batches.push([names, sequence])
      for (const name of names) table.addPending(name, sequence)
    },
    confirmAll(): void {
      for (const [names, sequence] of batches) for (const name of names) table.confirmPending(name, sequence)
      batches = []
    },
  }
}
