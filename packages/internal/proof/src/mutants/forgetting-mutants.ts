import type { Mutant } from './mutant'

/** Mutants of what takes the place of the records of keys that the log has forgotten. */
export const forgettingMutants: readonly Mutant[] = [
  {
    name: 'entries are fresh again when the log forgets that their key was softly deleted',
    firstSeed: 7,
    incident: 'forget',
    faults: [],
    edits: [
      {
        file: 'invalidation/log-applier.ts',
        find: 'for (const [key, position] of table.raiseKeysFloor(page.keysFloor)) handlers.onKey(key, position)',
        replace: 'table.raiseKeysFloor(page.keysFloor)',
      },
    ],
  },
  {
    name: 'entries that are stored late outlive the forgotten record of a deletion',
    firstSeed: 131,
    incident: 'forget',
    faults: [],
    edits: [
      {
        file: 'storage/delete-recorded.ts',
        find: 'Math.max(0, untilComputed) + longestDelivery',
        replace: '0 * untilComputed * longestDelivery',
      },
    ],
  },
  {
    name: 'callers join a computation from before a deletion that the log has forgotten',
    firstSeed: 67,
    incident: 'forget',
    faults: [],
    edits: [
      {
        file: 'compute/join-flight.ts',
        find: "subject.asOf < table.keysFloor || table.judge(subject) === 'dead'",
        replace: "table.judge(subject) === 'dead'",
      },
    ],
  },
]
