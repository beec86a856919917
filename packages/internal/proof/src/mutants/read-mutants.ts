import type { Mutant } from './mutant'

/** Mutants of what computes, stores and judges entries. */
export const readMutants: readonly Mutant[] = [
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
    firstSeed: 88,
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
    firstSeed: 2,
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
    firstSeed: 2,
    faults: [],
    edits: [
      {
        file: 'compute/compute-and-fill.ts',
        find: 'const stamp = tiers.isShared || sourceLag > 0 ? follower.takeStamp(sourceLag) : flight.stamp',
        replace:
          'const stamp = { ...follower.takeStamp(sourceLag), get position() { return follower.takeStamp(0).position }, get asOf() { return follower.takeStamp(0).asOf }, get sequence() { return follower.takeStamp(0).sequence } }',
      },
    ],
  },
  {
    name: 'values that callers fill are stamped when they are filled, not at begin',
    firstSeed: 7,
    faults: [],
    edits: [
      {
        file: 'compute/begin-fill.ts',
        find: 'const stamp = follower.takeStamp(request.rules.sourceLag)',
        replace: '',
      },
      {
        file: 'compute/begin-fill.ts',
        find: 'isFilled = true',
        replace: 'isFilled = true; const stamp = follower.takeStamp(request.rules.sourceLag)',
      },
    ],
  },
  {
    name: 'callers join any computation and accept any result',
    firstSeed: 140,
    faults: [],
    edits: [
      {
        file: 'compute/join-flight.ts',
        find: 'return !isEnded({ key, tags, asOf, term, sequence }) && validity.isWithinBound(stamp, now)',
        replace: 'return true',
      },
      {
        file: 'compute/join-flight.ts',
        find: 'if (isAccepted && !joinRule.isOvertaken(result, running, arrival)) return result',
        replace: 'if (isAccepted) return result',
      },
    ],
  },
  {
    name: 'callers join though tags found later were invalidated before they came',
    firstSeed: 140,
    faults: [],
    edits: [
      {
        file: 'compute/join-flight.ts',
        find: 'return !(isUnchanged && isAsNew) && isEnded(entry)',
        replace: 'return false',
      },
    ],
  },
  {
    name: 'memory is served as fresh while the process is not current',
    firstSeed: 23,
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
    firstSeed: 131,
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
    firstSeed: 2,
    faults: [],
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: 'const tags = options.closureOf(allTags(result))',
        replace: 'const tags = [...allTags(result)]',
      },
    ],
  },
  {
    name: 'values computed from cached ones count as new',
    firstSeed: 248,
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
  {
    name: 'stale values satisfy reads that demand more than the bound',
    firstSeed: 2,
    faults: [],
    edits: [
      {
        file: 'compute/read-request.ts',
        find: 'if (reflectsAll !== undefined && !reflectsAll(entry)) return false',
        replace: '',
      },
    ],
  },
  {
    name: 'stale values satisfy the reads inside a computation for such a read',
    firstSeed: 18,
    faults: [],
    edits: [
      {
        file: 'compute/reader.ts',
        find: '{ ...original, reflectsAll, innerDemand: follower.position }',
        replace: '{ ...original, reflectsAll }',
      },
    ],
  },
  {
    name: 'a computation that has read stale values is shared with reads that demand more',
    firstSeed: 26,
    incident: 'soft',
    faults: [],
    edits: [
      {
        file: 'compute/join-flight.ts',
        find: '(!isMadeOfStale && validity.isValid(entry))',
        replace: 'isMadeOfStale || validity.isValid(entry)',
      },
    ],
  },
  {
    name: 'values that are computed after the close of a cache are stored',
    firstSeed: 3,
    incident: 'deploy',
    faults: [],
    edits: [
      {
        file: 'compute/compute-and-fill.ts',
        find: 'if (options.isClosed()) {',
        replace: 'if (stamp.position < -1) {',
      },
    ],
  },
]
