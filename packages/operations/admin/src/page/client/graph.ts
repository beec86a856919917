import { byId, drawing, element } from './element'

/** Tags, and the links between them besides those that follow from their segments. */
export interface Tags {
  readonly tags: readonly { name: string; entries: number }[]
  readonly links: readonly { child: string; parent: string }[]
}

interface Edge {
  readonly child: string
  readonly parent: string
  readonly isLink: boolean
}

const shown = 60
/** Tags below one other that differ in nothing but their names. */
const alikeShown = 5
const columnWidth = 190
const rowHeight = 24

/** Draws which tags hang below which: parents to the left. */
export function showGraph({ tags, links }: Tags): void {
  const edges = edgesOf({ tags, links })
  const names = [...new Set(edges.flatMap(({ child, parent }) => [parent, child]))].slice(0, shown)
  const place = placesOf(names, edges)
  const visible = edges.filter(({ child, parent }) => place.has(child) && place.has(parent))
  const width = columnWidth * (1 + Math.max(0, ...[...place.values()].map(({ column }) => column)))
  const height = rowHeight * (1 + Math.max(0, ...[...place.values()].map(({ row }) => row)))
  const svg = drawing('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': 'Tags and what hangs below them',
  })
  for (const { child, parent, isLink } of visible) {
    const [from, to] = [pointOf(place.get(parent)), pointOf(place.get(child))]
    const path = `M${from.x},${from.y}C${from.x + 90},${from.y} ${to.x - 60},${to.y} ${to.x},${to.y}`
    svg.append(drawing('path', { class: isLink ? 'edge linked' : 'edge', d: path }))
  }
  for (const [name, at] of place) {
    const { x, y } = pointOf(at)
    svg.append(
      drawing('circle', { class: 'node', cx: x, cy: y, r: 4 }),
      drawing('text', { x: x + 8, y: y - 5 }, shortened(name)),
    )
  }
  const empty = element('p', { class: 'quiet' }, 'No tag hangs below another.')
  byId('graph').replaceChildren(names.length > 0 ? svg : empty)
}

function edgesOf({ tags, links }: Tags): Edge[] {
  const bySegments = new Map<string, Edge>()
  for (const { name } of tags) {
    for (let child = name; child.includes(':'); child = child.slice(0, child.lastIndexOf(':')))
      bySegments.set(child, { child, parent: child.slice(0, child.lastIndexOf(':')), isLink: false })
  }
  const linked = new Set(links.flatMap(({ child, parent }) => [child, parent]))
  return [...links.map((link) => ({ ...link, isLink: true })), ...abridged([...bySegments.values()], linked)]
}

/** Of many alike below one tag, some and how many more: what they hang on besides is not left out. */
function abridged(edges: readonly Edge[], linked: ReadonlySet<string>): Edge[] {
  const parents = new Set(edges.map(({ parent }) => parent))
  return [...parents].flatMap((parent) => {
    const below = edges.filter((edge) => edge.parent === parent)
    const [telling, plain] = [true, false].map((isTelling) =>
      below.filter(({ child }) => (linked.has(child) || parents.has(child)) === isTelling),
    )
    const [more = [], some = []] = [plain?.slice(alikeShown), plain?.slice(0, alikeShown)]
    const rest = more.length === 0 ? [] : [{ child: `${parent}: ${more.length} more`, parent, isLink: false }]
    return [...(telling ?? []), ...some, ...rest]
  })
}

/** Each tag one column right of its rightmost parent. */
function placesOf(
  names: readonly string[],
  edges: readonly Edge[],
): Map<string, { column: number; row: number }> {
  const columns = new Map(names.map((name) => [name, 0]))
  for (let round = 0; round < names.length; round += 1)
    for (const { child, parent } of edges) {
      const column = (columns.get(parent) ?? 0) + 1
      if (
        columns.has(child) &&
        columns.has(parent) &&
        column > (columns.get(child) ?? 0) &&
        column < names.length
      )
        columns.set(child, column)
    }
  const rows = new Map<number, number>()
  return new Map(
    names.map((name) => {
      const column = columns.get(name) ?? 0
      const row = rows.get(column) ?? 0
      rows.set(column, row + 1)
      return [name, { column, row }]
    }),
  )
}

function pointOf({ column, row }: { column: number; row: number } = { column: 0, row: 0 }) {
  return { x: 8 + column * columnWidth, y: 18 + row * rowHeight }
}

const shortened = (name: string) => (name.length > 24 ? `${name.slice(0, 23)}…` : name)
