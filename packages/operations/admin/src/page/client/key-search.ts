import { getJson } from './api'
import { runAction, showDetails } from './dialogs'
import { createElement, createTable, elementById } from './elements'

interface Key {
  readonly namespace: readonly string[]
  readonly key: string
}

interface Page {
  readonly keys: readonly Key[]
  readonly cursor?: string
}

/** Connects the form that searches keys by pattern. */
export function setUpKeySearch(): void {
  const form = elementById<HTMLFormElement>('find')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    runAction(() => showPage(String(new FormData(form).get('pattern') ?? '*'), undefined))
  })
}

async function showPage(pattern: string, cursor: string | undefined): Promise<void> {
  const page = await getJson<Page>('keys', {
    pattern,
    limit: '50',
    ...(cursor === undefined ? {} : { cursor }),
  })
  const rows = page.keys.map((key) => [
    createLinkButton(key.key, () => explainKey(key)),
    key.namespace.join(' › '),
  ])
  const more =
    page.cursor === undefined ? [] : [createLinkButton('More', () => showPage(pattern, page.cursor))]
  elementById('keys').replaceChildren(createTable(['key', 'namespace'], rows, []), ...more)
}

async function explainKey({ key, namespace }: Key): Promise<void> {
  const { summary, ...facts } = await getJson<Record<string, unknown>>(`keys/${encodeURIComponent(key)}`, {
    namespace,
  })
  showDetails({ summary, ...facts })
}

function createLinkButton(text: string, action: () => Promise<void>): HTMLButtonElement {
  const button = createElement('button', { type: 'button', class: 'link name' }, text)
  button.addEventListener('click', () => runAction(action))
  return button
}
