import { getJson } from './api'
import { runAction, showDetails } from './dialogs'
import { elementById } from './elements'
import { printableName, shortName } from './names'
import { type Cell, createLinkButton, showTable } from './tables'

interface Key {
  readonly namespace: readonly string[]
  readonly key: string
}

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
    runAction(() =>
      /[*?]/.test(pattern) ? showMatches(pattern) : explainKey({ key: pattern, namespace: [] }),
    )
  })
}

/** Opens the explanation of a key: one request, however many keys there are. */
export async function explainKey({ key, namespace }: Key): Promise<void> {
  const { summary, ...facts } = await getJson<Record<string, unknown>>(`keys/${encodeURIComponent(key)}`, {
    namespace,
  })
  showDetails({ summary, ...facts })
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
  const open = () => runAction(() => explainKey(key))
  return [
    { text: shortName(key.key), title: printableName(key.key), open },
    key.namespace.map(printableName).join(' › '),
  ]
}
