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
}

/** Shows rows below `columns`, or `emptyText` without rows. */
export interface TableContent {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly emptyText: string
}

/**
 * Shows the content in `container`. Cells that did not change are left as they are, and nothing changes while text within the
 * container is selected, so that it can be copied from a table that is updated every second.
 */
export function showTable(container: HTMLElement, { columns, rows, emptyText }: TableContent): void {
  if (isSelected(container)) return
  if (rows.length === 0) showText(container, emptyText)
  else updateTable(findTable(container, columns), columns, rows)
}

function updateTable(table: HTMLTableElement, columns: readonly Column[], rows: TableContent['rows']): void {
  const body = table.tBodies[0] ?? table.createTBody()
  while (body.rows.length > rows.length) body.deleteRow(-1)
  for (const [index, row] of rows.entries()) updateRow(body.rows[index] ?? body.insertRow(), row, columns)
}

/** Shows a sentence instead of a table. */
function showText(container: HTMLElement, text: string): void {
  if (container.childElementCount === 1 && container.textContent === text) return
  container.replaceChildren(createElement('p', { class: 'quiet' }, text))
}

/** A button that looks like a link. */
export function createLinkButton(text: string, open: () => void, title = ''): HTMLButtonElement {
  const button = createElement('button', { type: 'button', class: 'link name', title }, text)
  button.addEventListener('click', open)
  return button
}

function isSelected(container: HTMLElement): boolean {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(container, true)
}

function findTable(container: HTMLElement, columns: readonly Column[]): HTMLTableElement {
  const [known] = container.children
  if (known instanceof HTMLTableElement) return known
  const headings = columns.map(({ heading, meaning = '', isNumber }) =>
    createElement('th', { scope: 'col', title: meaning, class: isNumber ? 'number' : '' }, heading),
  )
  const head = createElement('thead', {}, createElement('tr', {}, ...headings))
  const table = createElement('table', {}, head, createElement('tbody'))
  container.replaceChildren(table)
  return table
}

/** The opener of a cell belongs to its text: a cell whose text and title stay keeps it, and the focus with it. */
function updateRow(row: HTMLTableRowElement, cells: readonly Cell[], columns: readonly Column[]): void {
  for (const [index, cell] of cells.entries()) {
    const shown = row.cells[index] ?? row.insertCell()
    const identity = typeof cell === 'string' ? cell : JSON.stringify(cell)
    if (shown.dataset.content === identity) continue
    shown.dataset.content = identity
    shown.className = columns[index]?.isNumber ? 'number' : 'name'
    shown.replaceChildren(createContent(cell))
  }
}

function createContent(cell: Cell): Child {
  if (typeof cell === 'string') return cell
  if ('open' in cell) return createLinkButton(cell.text, cell.open, cell.title)
  const { text, title = '', href } = cell
  return createElement('a', { class: 'warn', title, href, target: '_blank', rel: 'noreferrer' }, text)
}
