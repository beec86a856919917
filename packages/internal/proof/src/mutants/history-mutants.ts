import type { Mutant } from './mutant'

/** Mutants of the rules by which a log that has lost records is noticed, judged and repaired. */
export const historyMutants: readonly Mutant[] = [
  {
    name: 'positions of different histories are compared',
    incident: 'split',
    faults: [],
    edits: [
      {
        file: 'invalidation/verdict.ts',
        find: "  if (!followedTerms.contains(subject.term, subject.asOf)) return 'dead'\n  if (subject",
        replace: '  if (subject',
      },
    ],
  },
  {
    name: 'only the records of the last minute are reissued',
    firstSeed: 11,
    incident: 'split',
    faults: [],
    edits: [
      {
        file: 'invalidation/loss.ts',
        find: 'const names = distinctRecords([...(earlier?.names ?? []), ...table.listSince(since)])',
        replace: 'const names = table.listSince(Math.max(since, place.cursor.position - 60_000_000))',
      },
      {
        file: 'invalidation/loss.ts',
        find: 'function namesSince({ table, earlier }: PartedFollower',
        replace: 'function namesSince({ table, place }: PartedFollower',
      },
    ],
  },
  {
    name: 'a process that has reissued one name of a loss counts as having reissued all of it',
    firstSeed: 5,
    incident: 'split',
    faults: [],
    edits: [
      {
        file: 'invalidation/repair.ts',
        find: 'records.slice(done.reissued, done.reissued + maxRecordsPerPosition)',
        replace: 'records.slice(done.reissued, done.reissued + 1)',
      },
      {
        file: 'invalidation/repair.ts',
        find: 'completes: isLast ? completes : [] }',
        replace: 'completes }',
      },
    ],
  },
  {
    name: 'names of a loss are not in force until they are reissued',
    firstSeed: 8,
    incident: 'rejoin',
    faults: [],
    edits: [
      {
        file: 'invalidation/repair.ts',
        find: 'for (const name of names) table.addPending(name, sequence)',
        replace: '',
      },
    ],
  },
  {
    name: 'a sync proves a process current though it has records to reissue',
    firstSeed: 102,
    incident: 'rejoin',
    faults: [],
    edits: [
      {
        file: 'invalidation/log-reader.ts',
        find: 'while (repair.isPending) {',
        replace:
          'if (repair.isPending) void repair.reissueLoss(place.cursor?.term ?? 0).catch(() => undefined)\n      while (place.cursor === undefined) {',
      },
    ],
  },
  {
    name: 'pushes are applied whatever log they come from and whatever they follow',
    incident: 'foreign',
    faults: [],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: "if (id !== place.log) return place.isFirstPushOf(id) ? 'gap' : 'known'",
        replace: '',
      },
      {
        file: 'invalidation/log-applier.ts',
        find: "if (!isNext || next.term !== cursor.term || isTooFar(next.position)) return 'gap'",
        replace: '',
      },
    ],
  },
  {
    name: 'a log that was last used long ago is trusted after a takeover',
    firstSeed: 3,
    incident: 'restore',
    faults: [],
    edits: [
      {
        file: 'testing/server/log-head.ts',
        find: 'if (now - beat > longestTakeover) return true',
        replace: '',
      },
    ],
  },
  {
    name: 'a log that was last used in the future is trusted after a takeover',
    firstSeed: 21,
    incident: 'restore',
    faults: [],
    edits: [
      {
        file: 'testing/server/log-head.ts',
        find: 'if (beat - now > clockTolerance) return true',
        replace: '',
      },
    ],
  },
  {
    name: 'a log that was loaded from a snapshot is trusted',
    firstSeed: 6,
    incident: 'restore',
    faults: [],
    edits: [
      {
        file: 'testing/server/log-head.ts',
        find: 'return beat <= now - facts.uptime() + 1_000 && !facts.hasAppendOnlyFile()',
        replace: 'return false',
      },
    ],
  },
  {
    name: 'a takeover in the future stands',
    incident: 'clock',
    faults: [],
    edits: [
      {
        file: 'testing/server/log-head.ts',
        find: 'const tookOverAt = Math.min(current.tookOverAt, now)',
        replace: 'const { tookOverAt } = current',
      },
    ],
  },
  {
    name: 'replies are matched to calls by their order alone',
    firstSeed: 2,
    incident: 'desync',
    faults: [],
    edits: [
      {
        file: 'testing/simulation/log-calls.ts',
        find: 'if (call.nonce === nonce) {',
        replace: 'if (nonce > 0) {',
      },
    ],
  },
]
