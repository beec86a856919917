import { faultNames } from '@larder/testing'
import type { Mutant } from './mutant'

/** Mutants of what follows the log and delivers to it. */
export const logMutants: readonly Mutant[] = [
  {
    name: 'a gap in the pushed messages is ignored',
    firstSeed: 5,
    faults: ['loss'],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: "if (!isNext || next.term !== cursor.term || isTooFar(next.position)) return 'gap'",
        replace: "if (next.term !== cursor.term) return 'gap'",
      },
    ],
  },
  {
    name: 'a log that has lost records is not noticed',
    firstSeed: 192,
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
    firstSeed: 76,
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
    firstSeed: 5,
    incident: 'split',
    faults: [],
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
    firstSeed: 49,
    faults: ['evict', 'crash'],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: 'table.raiseFloor(page.floor)',
        replace: '',
      },
    ],
  },
  {
    name: 'the floor of single keys is forgotten',
    firstSeed: 926,
    faults: ['crash', 'down', 'partition'],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: 'for (const [key, position] of table.raiseKeysFloor(page.keysFloor)) handlers.onKey(key, position)',
        replace: '',
      },
    ],
  },
  {
    name: 'local copies are kept though records of keys were missed',
    firstSeed: 735,
    faults: ['loss', 'freeze'],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: 'if (since !== undefined && page.keysFloor > since.position) handlers.onGap()',
        replace: '',
      },
    ],
  },
  {
    name: 'a queued invalidation is dropped',
    firstSeed: 4,
    faults: ['down'],
    edits: [
      {
        file: 'invalidation/outbox.ts',
        find: 'for (const pending of batch) add(pending)',
        replace: 'if (batch.length > 0) return',
      },
    ],
  },
  {
    name: 'only the first page of a long history is read',
    firstSeed: 347,
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
    name: 'links are not reissued to a log that lost them',
    firstSeed: 128,
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
    firstSeed: 12,
    faults: ['slow'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'const isReached = () => reader.isSettled && appliedPosition() >= position',
        replace: 'const isReached = () => position > 0',
      },
    ],
  },
  {
    name: "{ consistency: 'strong' } does not query the log",
    firstSeed: 9,
    faults: ['loss'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'return isImmediate || ((await synchronizer.syncAfresh()) && reader.isSettled)',
        replace: 'return true',
      },
    ],
  },
  {
    name: 'a server that has just taken over is trusted at once',
    firstSeed: 861,
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
    firstSeed: 191,
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
    name: 'tags that a process no longer remembers end no entries',
    firstSeed: 72,
    faults: [],
    edits: [
      {
        file: 'invalidation/tag-families.ts',
        find: 'state.hard = Math.max(state.hard, merged.hard)',
        replace: '',
      },
    ],
  },
  {
    name: 'tags that the log no longer holds end no entries',
    firstSeed: 10,
    faults: ['crash'],
    edits: [
      {
        file: 'testing/server/log-families.ts',
        find: 'tags.set(recordName(merged), merged)',
        replace: 'tags.delete(recordName(merged))',
      },
    ],
  },
]
