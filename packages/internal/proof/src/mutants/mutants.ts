import { faultNames } from '@larder/testing'
import { historyMutants } from './history-mutants'
import type { Mutant } from './mutant'
import { scopeMutants } from './scope-mutants'

/** Each mutant removes one thing that the consistency guarantee depends on. */
export const mutants: readonly Mutant[] = [
  {
    name: 'invalidated tags do not invalidate entries',
    faults: [],
    edits: [
      {
        file: 'invalidation/verdict.ts',
        find: "if (isHard(state, subject)) return 'dead'",
        replace: '',
      },
    ],
  },
  {
    name: 'invalidated keys do not invalidate entries',
    faults: [],
    edits: [
      {
        file: 'invalidation/verdict.ts',
        find: "if (keyState !== undefined && isHard(keyState, subject)) return 'dead'",
        replace: '',
      },
    ],
  },
  {
    name: 'own invalidations are not in force until the log confirms them',
    faults: ['partition'],
    edits: [
      {
        file: 'invalidation/verdict.ts',
        find: 'state.hard > subject.asOf || state.pendingHard > subject.sequence',
        replace: 'state.hard > subject.asOf',
      },
    ],
  },
  {
    name: 'entries are stamped when they are stored, not when their computation starts',
    faults: [],
    edits: [
      {
        file: 'compute/compute-once.ts',
        find: 'const stamp = tiers.isShared || sourceLag > 0 ? follower.takeStamp(sourceLag) : flight.stamp',
        replace:
          'const stamp = { ...follower.takeStamp(sourceLag), get position() { return follower.takeStamp(0).position }, get asOf() { return follower.takeStamp(0).asOf }, get sequence() { return follower.takeStamp(0).sequence } }',
      },
    ],
  },
  {
    name: 'callers join any computation and accept any result',
    faults: [],
    edits: [
      {
        file: 'compute/join-rule.ts',
        find: "return verdict !== 'dead' && validity.isWithinBound(stamp, now)",
        replace: 'return true',
      },
      {
        file: 'compute/loader.ts',
        find: 'if (isAccepted && !joinRule.isOvertaken(result, running, arrival)) return result',
        replace: 'if (isAccepted) return result',
      },
    ],
  },
  {
    name: 'callers join though tags found later were invalidated before they came',
    faults: [],
    edits: [
      {
        file: 'compute/join-rule.ts',
        find: "return !(isUnchanged && isAsNew) && table.judge(entry) === 'dead'",
        replace: 'return false',
      },
    ],
  },
  {
    name: 'memory is served as fresh while the process is not current',
    faults: ['partition'],
    edits: [
      {
        file: 'storage/validity.ts',
        find: 'const isProven = follower.isCurrentAt(now) || isRecentAt(entry, now)',
        replace: 'const isProven = true',
      },
    ],
  },
  {
    name: 'time is measured on the monotonic clock alone',
    faults: ['freeze', 'loss'],
    edits: [
      {
        file: 'entry/moment.ts',
        find: 'return Math.max(to.monotonic - from.monotonic, to.wall - from.wall)',
        replace: 'return to.monotonic - from.monotonic',
      },
    ],
  },
  {
    name: 'a gap in the pushed messages is ignored',
    faults: ['loss'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: "if (!isNext || next.term !== cursor.term || isTooFar(next.position)) return 'gap'",
        replace: "if (next.term !== cursor.term) return 'gap'",
      },
    ],
  },
  {
    name: 'a log that has lost records is not noticed',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'if (!isKnown || !place.isOnHistoryOf(page)) {',
        replace: 'if (changes > maxHistoryChanges) {',
      },
    ],
  },
  {
    name: 'an invalidation counts on a log that has lost its history',
    faults: faultNames,
    edits: [
      {
        file: 'invalidation/delivery.ts',
        find: "if (!isOnHistory) return { outcome: 'misplaced' }",
        replace: '',
      },
    ],
  },
  {
    name: 'lost records are not reissued',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/loss.ts',
        find: ', ...table.listSince(since)',
        replace: '',
      },
    ],
  },
  {
    name: 'the floor of the log is forgotten',
    faults: ['evict', 'crash'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'table.raiseFloor(page.floor)',
        replace: '',
      },
    ],
  },
  {
    name: 'the floor of single keys is forgotten',
    faults: ['crash', 'down', 'partition'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'table.raiseKeysFloor(page.keysFloor)',
        replace: '',
      },
    ],
  },
  {
    name: 'local copies are kept though records of keys were missed',
    faults: ['loss', 'freeze'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'if (since !== undefined && page.keysFloor > since.position) handlers.onGap()',
        replace: '',
      },
    ],
  },
  {
    name: 'a queued invalidation is dropped',
    faults: ['down'],
    edits: [
      {
        file: 'invalidation/outbox.ts',
        find: 'for (const pending of batch) addLatest(pending)',
        replace: 'if (batch.length > 0) return',
      },
    ],
  },
  {
    name: 'only the first page of a long history is read',
    faults: ['loss', 'crash'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'if (!page.more) return',
        replace: 'return',
      },
    ],
  },
  {
    name: 'the dependencies of a computed value are not captured',
    faults: [],
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: ', ...capture.tags',
        replace: '',
      },
    ],
  },
  {
    name: 'entries do not carry the ancestors of their tags',
    faults: [],
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: 'tags: options.closureOf(allTags(result)),',
        replace: 'tags: [...allTags(result)],',
      },
    ],
  },
  {
    name: 'links are not reissued to a log that lost them',
    faults: ['flush', 'crash'],
    edits: [
      {
        file: 'invalidation/loss.ts',
        find: 'return distinctRecords([...names, ...linked])',
        replace: 'return names',
      },
    ],
  },
  {
    name: '{ after } does not wait',
    faults: ['slow'],
    edits: [
      {
        file: 'invalidation/catch-up.ts',
        find: 'const isReached = () => reader.isSettled && appliedPosition() >= position',
        replace: 'const isReached = () => position > 0',
      },
    ],
  },
  {
    name: "{ consistency: 'strong' } does not query the log",
    faults: ['loss'],
    edits: [
      {
        file: 'invalidation/catch-up.ts',
        find: 'return isImmediate || ((await synchronizer.syncAfresh()) && reader.isSettled)',
        replace: 'return true',
      },
    ],
  },
  {
    name: 'a server that has just taken over is trusted at once',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= settleTime',
        replace: 'isSettled = page.now > 0',
      },
    ],
  },
  {
    name: 'records of keys are forgotten while the entries they invalidate still exist',
    faults: ['down', 'partition'],
    edits: [
      {
        file: 'invalidation/key-record-gc.ts',
        find: 'const deleted = await Promise.all(overdue.map(deleteEntries))',
        replace: 'const deleted = [deleteEntries !== undefined]',
      },
    ],
  },
  {
    name: 'values computed from cached ones count as new',
    faults: ['partition', 'loss'],
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: 'const provenAt = earlierOf(startedAt, capture.provenAt)',
        replace: 'const provenAt = laterOf(startedAt, capture.provenAt)',
      },
      {
        file: 'compute/run-computation.ts',
        find: 'import { earlierOf, type Moment, momentOf }',
        replace: 'import { laterOf, type Moment, momentOf }',
      },
    ],
  },
  ...historyMutants,
  ...scopeMutants,
]
