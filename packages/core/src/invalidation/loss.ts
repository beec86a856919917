import type { Cursor, Invalidation, LogPage } from '../contracts/log'
import { endsOfTerms, type FollowerPlace, lastCommonCursor } from './log-history'
import { clearAll } from './outbox'
import { linkRecord, type TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** Beyond so many names, one invalidation of everything is reissued instead. */
const maxNames = 5_000

interface Link {
  readonly child: string
  readonly parent: string
}

/** Records that this process has seen and the log has lost. */
export interface Loss {
  readonly names: readonly Invalidation[]
  /** By the name of their records. */
  readonly links: Map<string, Link>
  /** Once everything up to these was reissued, by whomever, the loss is repaired. */
  readonly lost: readonly Cursor[]
  /** The parts of lost histories that are complete once all of this is reissued. */
  readonly completes: readonly Cursor[]
  /** Records after this position were lost. */
  readonly since: number
  /** The highest position that was lost. */
  readonly above: number
}

/** A follower whose cursor the log does not know. */
interface PartedFollower {
  readonly place: FollowerPlace
  /** The log's answer. */
  readonly page: LogPage
  readonly table: TagTable
  readonly graph: TagGraph
  /** A loss that is not repaired yet. */
  readonly earlier: Loss | undefined
}

/** Finds where the two histories part, and what this process has seen of the lost one after that. */
export function collectLoss(follower: PartedFollower): Loss & { readonly common: Cursor | undefined } {
  const { place, page, graph, earlier } = follower
  const common = lastCommonCursor(place, page)
  const above = Math.max(place.highest, earlier?.above ?? 0)
  const lost = [{ term: place.cursor.term, position: place.highest }]
  const completes = endsOfTerms(place, common?.term ?? 0)
  if (common === undefined)
    return {
      common,
      names: namesOfNewLog(place, page),
      links: linksSince(graph, -1),
      lost,
      completes,
      since: above,
      above,
    }
  const since = Math.min(common.position, earlier?.since ?? common.position)
  return {
    common,
    names: namesSince(follower, since),
    links: new Map([...(earlier?.links ?? []), ...linksSince(graph, since)]),
    lost: [...(earlier?.lost ?? []), ...lost],
    completes: [...(earlier?.completes ?? []), ...completes],
    since,
    above,
  }
}

/**
 * A log that was created again on the same server has a floor above all that was acknowledged before, unless the clock was
 * set back. Another server may have begun it while the old one still acknowledged.
 */
function namesOfNewLog(
  { terms, highest }: FollowerPlace,
  { floor, history }: LogPage,
): readonly Invalidation[] {
  const server = terms.at(-1)?.server ?? ''
  const isSameServer = server !== '' && history?.terms.at(-1)?.server === server
  return isSameServer && highest <= floor ? [] : [clearAll]
}

/** Names that this process has forgotten itself cannot be reissued one by one. */
function namesSince({ table, earlier }: PartedFollower, since: number): readonly Invalidation[] {
  if (table.floor > since || table.keysFloor > since) return [clearAll]
  const names = distinctRecords([...(earlier?.names ?? []), ...table.listSince(since)])
  return names.length > maxNames ? [clearAll] : names
}

function linksSince(graph: TagGraph, position: number): Map<string, Link> {
  return new Map(
    [...graph.listLinks(position)].map((link) => [linkRecord('link', link.child, link.parent).name, link]),
  )
}

/**
 * The records of a loss. Each link invalidates its child: a process that started meanwhile did not know it, so that its
 * entries lack the tag of the parent.
 */
export function listRecords({ names, links }: Loss): readonly Invalidation[] {
  const endsAll = names.some(({ scope, mode }) => scope === 'all' && mode === 'hard')
  const linked = [...links.values()].flatMap(({ child, parent }): Invalidation[] => {
    const link = linkRecord('link', child, parent)
    return endsAll ? [link] : [link, { scope: 'tag', mode: 'hard', name: child }]
  })
  return distinctRecords([...names, ...linked])
}

function distinctRecords(records: readonly Invalidation[]): readonly Invalidation[] {
  return [
    ...new Map(records.map((record) => [`${record.scope} ${record.mode} ${record.name}`, record])).values(),
  ]
}
