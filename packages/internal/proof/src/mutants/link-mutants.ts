import type { Mutant } from './mutant'

/** Mutants of the order between changes of the tag graph and what relies on them. */
export const linkMutants: readonly Mutant[] = [
  {
    name: 'invalidations overtake the links that wait for the log',
    incident: 'relink',
    faults: [],
    edits: [
      {
        file: 'invalidation/local-invalidations.ts',
        find: 'outbox.hasLinkChanges ? deliverAfterLinks(pending) : deliver(pending)',
        replace: 'deliver(pending)',
      },
    ],
  },
  {
    name: 'a later change of a link overtakes an earlier one',
    firstSeed: 84,
    incident: 'relink',
    faults: [],
    // Either of the two keeps the order in all seeds.
    edits: [
      {
        file: 'invalidation/local-invalidations.ts',
        find: 'edgeOrder.deliverInOrder(invalidations, () => deliverPending(pending))',
        replace: 'deliverPending(pending)',
      },
      {
        file: 'invalidation/outbox.ts',
        find: 'links.size > 0 || redeliversLinks',
        replace: 'links.size > 0',
      },
    ],
  },
  {
    name: 'values are set with the links that their process has read so far',
    firstSeed: 2,
    incident: 'newcomer',
    faults: [],
    edits: [
      {
        file: 'compute/writer.ts',
        find: "delivery.outcome === 'queued' || follower.hasRead(position) || (await follower.readUpTo(position))",
        replace: 'position >= 0',
      },
    ],
  },
  {
    name: 'the record of a removal of a link ends a later link',
    incident: 'relink',
    faults: [],
    edits: [
      {
        file: 'invalidation/tag-graph.ts',
        find: 'linkedAt === undefined || linkedAt > position) return false',
        replace: 'linkedAt === undefined || position < 0) return false',
      },
    ],
  },
  {
    name: 'invalidations overtake the links that are being appended again',
    firstSeed: 10,
    incident: 'flicker',
    faults: [],
    edits: [
      {
        file: 'invalidation/outbox.ts',
        find: 'redeliversLinks = links.size > 0',
        replace: 'redeliversLinks = false',
      },
    ],
  },
]
