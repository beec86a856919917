import { get } from './api'
import { attempt, showDetails } from './dialogs'
import { byId, element, table } from './element'

interface Key {
  readonly namespace: readonly string[]
  readonly key: string
}

interface Page {
  readonly keys: readonly Key[]
  readonly cursor?: string
}

/** Makes the form find keys, and the keys tell about themselves. */
export function setUpKeys(): void {
  const form = byId<HTMLFormElement>('find')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(() => find(String(new FormData(form).get('pattern') ?? '*'), undefined))
  })
}

async function find(pattern: string, cursor: string | undefined): Promise<void> {
  const page = await get<Page>('keys', { pattern, limit: '50', ...(cursor === undefined ? {} : { cursor }) })
  const rows = page.keys.map((key) => [button(key.key, () => explain(key)), key.namespace.join(' › ')])
  const more = page.cursor === undefined ? [] : [button('More', () => find(pattern, page.cursor))]
  byId('keys').replaceChildren(table(['key', 'namespace'], rows, []), ...more)
}

async function explain({ key, namespace }: Key): Promise<void> {
  const { summary, ...facts } = await get<Record<string, unknown>>(`keys/${encodeURIComponent(key)}`, {
    namespace,
  })
  showDetails({ summary, ...facts })
}

function button(text: string, work: () => Promise<void>): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'link name' }, text)
  made.addEventListener('click', () => attempt(work))
  return made
}
