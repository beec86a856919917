import { faultNames } from '@larder/testing'
import type { Mutant } from './mutant'

/** Each mutant removes one thing that the consistency guarantee depends on. */
export const mutants: readonly Mutant[] = [
  {
    name: 'invalidated tags do not invalidate entries',
    faults: [],
    edits: [
      {
        file: 'invalidation/tag-table.ts',
        find: "if (isHard(mark, subject)) return 'dead'",
        replace: '',
      },
    ],
  },
  {
    name: 'invalidated keys do not invalidate entries',
    faults: [],
    edits: [
      {
        file: 'invalidation/tag-table.ts',
        find: "if (own !== undefined && isHard(own, subject)) return 'dead'",
        replace: '',
      },
    ],
  },
  {
    name: 'own invalidations are not in force until the log confirms them',
    faults: ['partition'],
    edits: [
      {
        file: 'invalidation/tag-table.ts',
        find: 'mark.hard > subject.asOf || mark.pendingHard > subject.sequence',
        replace: 'mark.hard > subject.asOf',
      },
    ],
  },
  {
    name: 'entries are stamped when they are stored, not when their computation starts',
    faults: [],
    edits: [
      {
        file: 'compute/loader.ts',
        find: 'const stamp = tiers.isShared || sourceLag > 0 ? follower.stamp(sourceLag) : flight.stamp',
        replace:
          'const stamp = { ...follower.stamp(sourceLag), get position() { return follower.stamp(0).position }, get asOf() { return follower.stamp(0).asOf }, get sequence() { return follower.stamp(0).sequence } }',
      },
    ],
  },
  {
    name: 'callers join any computation and accept any result',
    faults: [],
    edits: [
      {
        file: 'compute/loader.ts',
        find: "return verdict !== 'dead' && standing.isWithinBound(stamp, now)",
        replace: 'return true',
      },
      {
        file: 'compute/loader.ts',
        find: 'if (isWanted && !isOvertaken(outcome, running, arrived)) return outcome',
        replace: 'if (isWanted) return outcome',
      },
    ],
  },
  {
    name: 'callers join though tags found later were invalidated before they came',
    faults: [],
    edits: [
      {
        file: 'compute/loader.ts',
        find: "return table.judge({ key: entry.key, tags: entry.tags, asOf, sequence }) === 'dead'",
        replace: 'return false',
      },
    ],
  },
  {
    name: 'memory is served as fresh while the process is not current',
    faults: ['partition'],
    edits: [
      {
        file: 'storage/standing.ts',
        find: "if (byTime !== 'fresh' || follower.isCurrentAt(now) || isRecentAt(entry, now)) return byTime",
        replace: 'return byTime',
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
        file: 'invalidation/follower.ts',
        find: 'if (previous.position === cursor.position && previous.nonce === cursor.nonce) cursor = next',
        replace: 'if (previous !== undefined) cursor = next',
      },
    ],
  },
  {
    name: 'a log that has lost records is not noticed',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'if (asked !== undefined && !page.known) return repair(asked)',
        replace: '',
      },
    ],
  },
  {
    name: 'an invalidation counts on a log that has lost its history',
    faults: faultNames,
    edits: [
      {
        file: 'invalidation/delivery.ts',
        find: 'if (asked !== undefined && !appended.known) {',
        replace: 'if (asked === null) {',
      },
    ],
  },
  {
    name: 'lost records are not reissued to a log that started a new history',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/repair.ts',
        find: '...table.since(lost.position - window * 1_000), ',
        replace: '',
      },
    ],
  },
  {
    name: 'the floor of the log is forgotten',
    faults: ['evict', 'crash'],
    edits: [
      {
        file: 'invalidation/follower.ts',
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
        file: 'invalidation/follower.ts',
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
        file: 'invalidation/follower.ts',
        find: 'if (asked !== undefined && page.keysFloor > asked.position) options.onGap()',
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
        find: 'for (const sent of parcel) keep(sent)',
        replace: 'if (parcel.length > 0) return',
      },
    ],
  },
  {
    name: 'only the first page of a long history is read',
    faults: ['loss', 'crash'],
    edits: [
      {
        file: 'invalidation/follower.ts',
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
        file: 'compute/produce.ts',
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
        file: 'compute/produce.ts',
        find: 'tags: production.closure(allTags(result)),',
        replace: 'tags: [...allTags(result)],',
      },
    ],
  },
  {
    name: 'links are not reissued to a log that lost them',
    faults: ['flush', 'crash'],
    edits: [
      {
        file: 'invalidation/repair.ts',
        find: ', ...links]',
        replace: ']',
      },
    ],
  },
  {
    name: '{ after } does not wait',
    faults: ['slow'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'const isReached = () => isSettled && position() >= token',
        replace: 'const isReached = () => token > 0',
      },
    ],
  },
  {
    name: "{ consistency: 'strong' } does not query the log",
    faults: ['loss'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'return log.immediate || ((await syncAfresh()) && isSettled)',
        replace: 'return true',
      },
    ],
  },
  {
    name: 'a server that has just taken over is trusted at once',
    faults: ['failover'],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'isSettled = page.tookOverAt === 0 || page.now - page.tookOverAt >= options.settling',
        replace: 'isSettled = page.now > 0',
      },
    ],
  },
  {
    name: 'records of keys are forgotten while the entries they invalidate still exist',
    faults: ['down', 'partition'],
    edits: [
      {
        file: 'invalidation/retirement.ts',
        find: 'const removed = await Promise.all(records.map(remove))',
        replace: 'const removed = [remove !== undefined]',
      },
    ],
  },
  {
    name: 'values computed from cached ones count as new',
    faults: ['partition', 'loss'],
    edits: [
      {
        file: 'compute/produce.ts',
        find: 'const provenAt = earlier(startedAt, capture.provenAt)',
        replace: 'const provenAt = later(startedAt, capture.provenAt)',
      },
      {
        file: 'compute/produce.ts',
        find: 'import { earlier, type Moment, momentOf }',
        replace: 'import { later, type Moment, momentOf }',
      },
    ],
  },
]
