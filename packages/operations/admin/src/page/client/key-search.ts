import { getJson } from './api'
import { runAction } from './dialogs'
import { elementById } from './elements'
import { type Key, openKey } from './key-details'
import { printableName, shortName } from './names'
import { type Cell, createLinkButton, showTable } from './tables'

interface Page {
  readonly keys: readonly Key[]
  readonly cursor?: string
}

/** Keys scanned at a time: few if each of them matches. */
const scannedPerPage = { all: '50', matching: '1000' }

/** Connects the form that finds a key by its name, or keys by pattern. */
export function setUpKeySearch(): void {
  const form = elementById<HTMLFormElement>('find')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const pattern = String(new FormData(form).get('pattern') || '*')
    const open = () =>
      /[*?]/.test(pattern) ? showMatches(pattern) : openKey({ key: pattern, namespace: [] })
    runAction(open, elementById('keys'))
  })
}

/** Shows the first page. Each further page is added below, so that the place in the list is kept. */
async function showMatches(pattern: string): Promise<void> {
  let cursor: string | undefined
  let rows: readonly (readonly Cell[])[] = []

  async function addPage(): Promise<void> {
    const page = await getJson<Page>('keys', {
      pattern,
      limit: pattern === '*' ? scannedPerPage.all : scannedPerPage.matching,
      ...(cursor === undefined ? {} : { cursor }),
    })
    cursor = page.cursor
    rows = [...rows, ...page.keys.map(describeKey)]
    showTable(elementById('keys'), {
      columns: [{ heading: 'key' }, { heading: 'namespace' }],
      rows,
      emptyText: cursor === undefined ? 'No key matches.' : 'No key matches among those searched so far.',
    })
    const more = createLinkButton('Search further', () => runAction(addPage))
    elementById('more').replaceChildren(...(cursor === undefined ? [] : [more]))
  }

  await addPage()
}

function describeKey(key: Key): Cell[] {
  const open = () => runAction(() => openKey(key))
  return [
    { text: shortName(key.key), title: printableName(key.key), open },
    key.namespace.map(printableName).join(' › '),
  ]
}
