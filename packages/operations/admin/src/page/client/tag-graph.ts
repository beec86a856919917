import { getJson } from './api'
import { runAction } from './dialogs'
import { createElement, createSvgElement, elementById } from './elements'
import { formatCount } from './format'
import { printableName, shortName } from './names'
import { showTable } from './tables'

/** The tags of the cache, and the explicit links between them. */
interface Tags {
  /** Entries in which the tags were counted. */
  readonly sampled: number
  readonly tags: readonly { name: string; entries: number }[]
  readonly links: readonly { child: string; parent: string }[]
}

interface Edge {
  readonly child: string
  readonly parent: string
  /** Whether the edge is an explicit link. Otherwise it follows from the segments of the name (`a:b` is below `a`). */
  readonly isLink: boolean
}

interface Cell {
  readonly column: number
  readonly row: number
}

const maxTags = 60
const maxListed = 20
/** Leaf tags shown per parent; the others are summarized. */
const maxLeaves = 5
const columnWidth = 190
const rowHeight = 24

/** Connects the button that reads a sample of the entries: it costs requests to the store, so it happens on request only. */
export function setUpTagSample(): void {
  const readSample = async () => showTagGraph(await getJson<Tags>('tags'))
  elementById('read-tags').addEventListener('click', () => runAction(readSample, elementById('tags')))
}

/** Lists the tags of the sample, and draws their graph, parents to the left of their children. */
function showTagGraph(tags: Tags): void {
  showTable(elementById('tags'), {
    columns: [
      { heading: 'tag' },
      {
        heading: `entries of ${tags.sampled} sampled`,
        isNumber: true,
        meaning: 'not all entries: of a sample',
      },
    ],
    rows: tags.tags.slice(0, maxListed).map(({ name, entries }) => [shortName(name), formatCount(entries)]),
    emptyText: `None of ${tags.sampled} sampled entries has a tag.`,
  })
  const edges = findEdges(tags)
  const names = [...new Set(edges.flatMap(({ child, parent }) => [parent, child]))].slice(0, maxTags)
  const placeholder = createElement('p', { class: 'quiet' }, 'The tags have no hierarchy and no links.')
  elementById('graph').replaceChildren(names.length > 0 ? drawGraph(names, edges) : placeholder)
}

function drawGraph(names: readonly string[], edges: readonly Edge[]): SVGSVGElement {
  const cells = arrangeTags(names, edges)
  const width = columnWidth * (1 + Math.max(0, ...[...cells.values()].map(({ column }) => column)))
  const height = rowHeight * (1 + Math.max(0, ...[...cells.values()].map(({ row }) => row)))
  const svg = createSvgElement('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': 'Tags and their parents',
  })
  for (const { child, parent, isLink } of edges) {
    const [from, to] = [cells.get(parent), cells.get(child)]
    if (from === undefined || to === undefined) continue
    svg.append(
      createSvgElement('path', { class: isLink ? 'edge linked' : 'edge', d: curveBetween(from, to) }),
    )
  }
  for (const [name, cell] of cells) {
    const { x, y } = pointOf(cell)
    svg.append(
      createSvgElement('circle', { class: 'node', cx: x, cy: y, r: 4 }),
      createSvgElement('text', { x: x + 8, y: y - 5 }, truncateName(name)),
    )
  }
  return svg
}

function findEdges({ tags, links }: Tags): Edge[] {
  const segmentEdges = new Map<string, Edge>()
  for (const { name } of tags) {
    for (let child = name; child.includes(':'); child = child.slice(0, child.lastIndexOf(':')))
      segmentEdges.set(child, { child, parent: child.slice(0, child.lastIndexOf(':')), isLink: false })
  }
  const linkedTags = new Set(links.flatMap(({ child, parent }) => [child, parent]))
  return [
    ...links.map((link) => ({ ...link, isLink: true })),
    ...summarizeLeaves([...segmentEdges.values()], linkedTags),
  ]
}

/** Replaces the leaves of a parent beyond `maxLeaves` by one that counts them. Linked tags are always kept. */
function summarizeLeaves(edges: readonly Edge[], linkedTags: ReadonlySet<string>): Edge[] {
  const parents = new Set(edges.map(({ parent }) => parent))
  const isLeaf = ({ child }: Edge) => !linkedTags.has(child) && !parents.has(child)
  return [...parents].flatMap((parent) => {
    const children = edges.filter((edge) => edge.parent === parent)
    const leaves = children.filter(isLeaf)
    const hiddenCount = Math.max(0, leaves.length - maxLeaves)
    return [
      ...children.filter((edge) => !isLeaf(edge)),
      ...leaves.slice(0, maxLeaves),
      ...(hiddenCount === 0 ? [] : [{ child: `${parent}: ${hiddenCount} more`, parent, isLink: false }]),
    ]
  })
}

/** Arranges tags in a grid: each one column to the right of its rightmost parent. */
function arrangeTags(names: readonly string[], edges: readonly Edge[]): Map<string, Cell> {
  const columns = assignColumns(names, edges)
  const nextRows = new Map<number, number>()
  return new Map(
    names.map((name) => {
      const column = columns.get(name) ?? 0
      const row = nextRows.get(column) ?? 0
      nextRows.set(column, row + 1)
      return [name, { column, row }]
    }),
  )
}

/** Moves children to the right until no edge points left. Bounded, because links may form a cycle. */
function assignColumns(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const columns = new Map(names.map((name) => [name, 0]))
  for (let round = 0; round < names.length; round += 1)
    for (const { child, parent } of edges) {
      const [childColumn, parentColumn] = [columns.get(child), columns.get(parent)]
      if (childColumn === undefined || parentColumn === undefined) continue
      const column = parentColumn + 1
      if (column > childColumn && column < names.length) columns.set(child, column)
    }
  return columns
}

function curveBetween(parent: Cell, child: Cell): string {
  const [from, to] = [pointOf(parent), pointOf(child)]
  return `M${from.x},${from.y}C${from.x + 90},${from.y} ${to.x - 60},${to.y} ${to.x},${to.y}`
}

function pointOf({ column, row }: Cell) {
  return { x: 8 + column * columnWidth, y: 18 + row * rowHeight }
}

function truncateName(name: string): string {
  const text = printableName(name)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}
