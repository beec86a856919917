import type { Invalidated } from '@larder/core'
import { pickRandom } from '../clock/seeded-random'
import type { WriteRecord } from './history'
import { expiringItem, items, laggingItem, softTag } from './items'
import { type MeansName, means } from './means'
import { readSomething } from './reads'
import { createWait, type Focus, type Workload } from './workload'
import type { Node } from './world'

/** The means that a writer may use: only one writer may `set` an item, because a delayed `set` would store an old version. */
function meansFor(item: number, isOwner: boolean): readonly MeansName[] {
  if (item === 0)
    return ['link', 'tag', 'group', 'soft, then hard', 'transaction', 'work after a transaction']
  if (item === 1)
    return ['key', 'soft key, then key', 'clear', 'group', 'transaction that fails', 'transaction in doubt']
  if (item === laggingItem) return ['tag']
  return isOwner ? ['set'] : []
}

/** Writes something at random, and records the result. `writer`: the index of the writer in its process. */
export async function writeSomething(workload: Workload, node: Node, writer: number): Promise<void> {
  const { world, source, quietPeriods = [], clears = true } = workload
  const { random, timers } = world
  if (quietPeriods.some(({ from, to }) => timers.time >= from && timers.time < to)) return
  if (random() < 0.3) return void (await node.cache.invalidate(softTag, { mode: 'soft' }))
  const { focus } = workload
  if (focus !== undefined) return writeFocused(workload, node, writer, focus)
  const item = Math.floor(items * random())
  if (item === expiringItem) return void (await source.commitVersion(item, createWait(node, world)))
  const isOwner = writer === 0 && item % world.nodes.length === node.index
  const allowed = meansFor(item, isOwner).filter((name) => clears || name !== 'clear')
  if (allowed.length === 0) return
  await writeItem(workload, node, item, pickRandom(random, allowed))
}

/** Writes as the incident asks for. Its means may be for one writer only. */
async function writeFocused(
  workload: Workload,
  node: Node,
  writer: number,
  { item, means: name, process }: Focus,
): Promise<void> {
  const isWriter = process === undefined || (process === node.index && writer === 0)
  if (isWriter) await writeItem(workload, node, item, name)
}

/** Writes one item, and records the result. */
export async function writeItem(
  workload: Workload,
  node: Node,
  item: number,
  name: MeansName,
): Promise<void> {
  const { world, source, history } = workload
  const { random, timers } = world
  const wait = createWait(node, world)
  let committedAt = timers.time
  const toRecord = (version: number, { outcome, token }: Invalidated): WriteRecord => ({
    node: node.index,
    incarnation: node.incarnation,
    item,
    version,
    committedAt,
    means: name,
    resolvedAt: timers.time,
    outcome,
    token,
  })
  const written = await means[name]({
    cache: node.cache,
    item,
    async commit() {
      const version = await source.commitVersion(item, wait)
      committedAt = timers.time
      return version
    },
    pause: (longest = 1_000) => wait(longest * random()),
    read: () => void readSomething(workload, node),
    recordSoft: (...soft) => void history.softWrites.push(toRecord(...soft)),
  })
  if (written !== undefined) history.writes.push(toRecord(...written))
}
