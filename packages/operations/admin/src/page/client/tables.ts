import { type Child, createElement } from './elements'

/** A cell: text, text that opens something, or a warning that links to another page. */
export type Cell =
  | string
  | { readonly text: string; readonly title?: string; readonly open: () => void }
  | { readonly text: string; readonly title?: string; readonly href: string }

export interface Column {
  readonly heading: string
  /** Shown while the pointer rests on the heading. */
  readonly meaning?: string
  readonly isNumber?: boolean
  /** Whether its cells are words instead of names. */
  readonly isProse?: boolean
}

/** The column by which the rows are ordered, and a way to choose another one. */
interface Order {
  readonly column: number
  readonly isDescending: boolean
  readonly orderBy: (column: number) => void
}

/** Shows rows below `columns`, or `emptyText` without rows. The first cell of a row tells it from others. */
export interface TableContent {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly emptyText: string
  readonly order?: Order
}

/**
 * Shows the content in `container`, which may be updated every second. Cells that did not change are left as they are. Rows
 * keep their places while one of them has the pointer or the focus, and nothing changes while text within is selected.
 */
export function showTable(container: HTMLElement, { columns, rows, emptyText, order }: TableContent): void {
  if (isSelected(container)) return
  if (rows.length === 0) {
    showText(container, emptyText)
    return
  }
  const table = findTable(container, columns, order)
  if (order !== undefined) showOrder(table, order)
  updateRows(table.tBodies[0] ?? table.createTBody(), columns, rows)
}

/** Shows a sentence instead of a table. */
function showText(container: HTMLElement, text: string): void {
  if (container.childElementCount === 1 && container.textContent === text) return
  container.replaceChildren(createElement('p', { class: 'quiet' }, text))
}

/** A button that looks like a link. */
export function createLinkButton(text: string, open: () => void, title = ''): HTMLButtonElement {
  const button = createElement('button', { type: 'button', class: 'link', title }, text)
  button.addEventListener('click', open)
  return button
}

function isSelected(container: HTMLElement): boolean {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(container, true)
}

/** Has explicit roles: a narrow screen shows rows as blocks, which are no rows to a screen reader otherwise. */
function findTable(container: HTMLElement, columns: readonly Column[], order?: Order): HTMLTableElement {
  const [known] = container.children
  if (known instanceof HTMLTableElement) return known
  const headings = columns.map(({ heading, meaning = '', isNumber }, index) => {
    const content =
      order === undefined ? heading : createLinkButton(heading, () => order.orderBy(index), meaning)
    const attributes = { role: 'columnheader', scope: 'col', title: meaning, class: isNumber ? 'number' : '' }
    return createElement('th', attributes, content)
  })
  const head = createElement('thead', { role: 'rowgroup' }, createElement('tr', { role: 'row' }, ...headings))
  const table = createElement('table', { role: 'table' }, head, createElement('tbody', { role: 'rowgroup' }))
  container.replaceChildren(table)
  return table
}

function showOrder(table: HTMLTableElement, { column, isDescending }: Order): void {
  for (const [index, heading] of [...(table.tHead?.rows[0]?.cells ?? [])].entries())
    heading.ariaSort = index !== column ? 'none' : isDescending ? 'descending' : 'ascending'
}

function updateRows(
  body: HTMLTableSectionElement,
  columns: readonly Column[],
  rows: TableContent['rows'],
): void {
  const isUsed = body.matches(':hover') || body.contains(document.activeElement)
  const ordered = isUsed ? keepPlaces(body, rows) : rows
  while (body.rows.length > rows.length) body.deleteRow(-1)
  for (const [index, row] of ordered.entries()) updateRow(body.rows[index] ?? addRow(body), row, columns)
}

/** The rows that are shown in their present order, then the new ones. */
function keepPlaces(body: HTMLTableSectionElement, rows: TableContent['rows']): TableContent['rows'] {
  const places = new Map([...body.rows].map((row, place) => [row.cells[0]?.dataset.content, place]))
  const placeOf = ([first]: readonly Cell[]) => places.get(identityOf(first)) ?? places.size
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function addRow(body: HTMLTableSectionElement): HTMLTableRowElement {
  const row = body.insertRow()
  row.role = 'row'
  return row
}

/** Cells of the same text that open something open the same. */
const identityOf = (cell: Cell | undefined) => (typeof cell === 'string' ? cell : JSON.stringify(cell))

/** The opener of a cell belongs to its text: a cell whose text and title stay keeps it, and the focus with it. */
function updateRow(row: HTMLTableRowElement, cells: readonly Cell[], columns: readonly Column[]): void {
  for (const [index, cell] of cells.entries()) {
    const shown = row.cells[index] ?? row.insertCell()
    const identity = identityOf(cell)
    if (shown.dataset.content === identity) continue
    const { heading = '', isNumber, isProse } = columns[index] ?? {}
    shown.dataset.content = identity
    shown.dataset.heading = heading
    shown.role = 'cell'
    shown.className = isNumber ? 'number' : isProse ? 'prose' : 'name'
    shown.replaceChildren(createContent(cell))
  }
}

function createContent(cell: Cell): Child {
  if (typeof cell === 'string') return cell
  if ('open' in cell) return createLinkButton(cell.text, cell.open, cell.title)
  const { text, title = '', href } = cell
  return createElement('a', { class: 'warn', title, href, target: '_blank', rel: 'noreferrer' }, text)
}
