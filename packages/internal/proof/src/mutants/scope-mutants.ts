import type { Mutant } from './mutant'

/** Mutants of what follows a caller into asynchronous work (transactions, demands, dependencies), and of clocks and deadlines. */
export const scopeMutants: readonly Mutant[] = [
  {
    name: 'a transaction that is over still defers the invalidations of work that it started',
    firstSeed: 11,
    faults: [],
    edits: [
      {
        file: 'compute/transaction-scope.ts',
        find: 'while (current?.isOver) current = current.outer',
        replace: '',
      },
    ],
  },
  {
    name: 'a transaction that fails drops its invalidations',
    faults: [],
    edits: [
      {
        file: 'compute/transactions.ts',
        find: 'isRolledBack(options, error) ? transaction.rollback : transaction.inDoubt',
        replace: 'isRolledBack(options, error) ? transaction.rollback : transaction.rollback',
      },
    ],
  },
  {
    name: 'values computed from a value whose source lags are as new as others',
    firstSeed: 3,
    faults: [],
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: 'olderOf(stamp, capture.oldestRead)',
        replace: 'olderOf(stamp, undefined)',
      },
    ],
  },
  {
    name: 'a demand does not apply to the reads inside a computation',
    firstSeed: 4,
    faults: ['partition'],
    edits: [
      {
        file: 'compute/dependencies.ts',
        find: 'demand: stricterOf(demand, outer?.demand ?? bounded),',
        replace: 'demand: bounded,',
      },
    ],
  },
  {
    name: 'what a function for many keys had read before it failed is no dependency',
    incident: 'failure',
    faults: [],
    edits: [
      {
        file: 'compute/missing-keys-loader.ts',
        find: 'if (capture !== undefined) inheritCapture(capture, result.capture)',
        replace:
          "if (capture !== undefined && result.outcome === 'values') inheritCapture(capture, result.capture)",
      },
    ],
  },
  {
    name: 'a soft invalidation lifts the bound on staleness',
    firstSeed: 455,
    faults: ['partition'],
    edits: [
      {
        file: 'storage/validity.ts',
        find: "return verdict === 'soft' ? stateAfterSoftInvalidation(proven) : proven",
        replace: "return verdict === 'soft' ? stateAfterSoftInvalidation(byTime) : proven",
      },
    ],
  },
  {
    name: 'a ttl is measured on the wall clock alone',
    firstSeed: 25,
    faults: ['step', 'partition'],
    edits: [
      {
        file: 'storage/validity.ts',
        find: 'return Math.max(follower.logTime(now.wall, now.monotonic), now.monotonic + entry.clockOffset)',
        replace: 'return follower.now()',
      },
      {
        file: 'invalidation/log-clock.ts',
        find: 'isLocal ? wall : Math.max(wall + wallOffset, monotonic + monotonicOffset)',
        replace: 'wall + wallOffset + 0 * monotonic',
      },
      {
        file: 'compute/reader.ts',
        find: 'Math.max(now, monotonic + entry.clockOffset) >= entry.refreshAt',
        replace: 'now >= entry.refreshAt',
      },
    ],
  },
  {
    name: 'a stall of the event loop counts as a failure of the store',
    incident: 'stall',
    faults: [],
    edits: [
      {
        file: 'resilience/timeouts.ts',
        find: 'return queue.counted + Math.min(now - queue.checkedAt, queue.delay)',
        replace: 'return queue.counted + now - queue.checkedAt',
      },
      {
        file: 'resilience/timeouts.ts',
        find: 'schedule(0, () => expireDue(queue))',
        replace: 'expireDue(queue)',
      },
    ],
  },
  {
    name: 'a wall clock that was set while a page was on its way moves the monotonic clock as well',
    firstSeed: 17_762,
    faults: ['step'],
    edits: [
      {
        file: 'invalidation/log-clock.ts',
        find: 'Math.abs(wallTime - monotonicTime) > maxDisagreement',
        replace: 'Math.abs(wallTime - monotonicTime) > Number.POSITIVE_INFINITY',
      },
    ],
  },
  {
    name: 'a cache that closes does not wait for the invalidations under way',
    incident: 'deploy',
    faults: [],
    edits: [
      {
        file: 'invalidation/follower.ts',
        find: 'await invalidations.waitUntilIdle()',
        replace: '',
      },
    ],
  },
  {
    name: 'a transaction that commits after the close of its cache succeeds',
    firstSeed: 121,
    incident: 'deploy',
    faults: [],
    edits: [
      {
        file: 'methods/issue-invalidations.ts',
        find: 'onCommit: unlessClosed(onCommit),',
        replace: 'onCommit,',
      },
      {
        file: 'methods/issue-invalidations.ts',
        find: 'onDoubt: unlessClosed(onDoubt),',
        replace: 'onDoubt,',
      },
    ],
  },
  {
    name: 'all slices of a long list of invalidations have one sequence number',
    firstSeed: 20,
    incident: 'bulk',
    faults: [],
    edits: [
      {
        file: 'invalidation/local-invalidations.ts',
        find: 'const issued = sequence.advance()',
        replace: 'const issued = sequence.latest',
      },
      {
        file: 'invalidation/local-invalidations.ts',
        find: 'underWay.begin()',
        replace: 'underWay.begin()\n      sequence.advance()',
      },
    ],
  },
]
