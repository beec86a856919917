import { getJson, postJson } from './api'
import { askConfirmation, closeDetails, runAction, showDetails, showNotice } from './dialogs'
import { createElement } from './elements'
import { formatDuration, formatTime } from './format'
import { printableName } from './names'

/** A key of the cache, or of a namespace of it. */
export interface Key {
  readonly namespace: readonly string[]
  readonly key: string
}

/** The response of `GET keys/{key}`. */
interface Explanation {
  readonly summary: string
  readonly outcome: string
  readonly reason?: string
  readonly tier?: string
  readonly age?: number
  readonly freshFor?: number | null
  readonly tags: readonly string[]
  readonly asOf?: number
  readonly position: number
  readonly invalidatedBy?: {
    readonly scope: string
    readonly name: string
    readonly mode: string
    readonly at?: string
  }
  readonly value?: unknown
}

/** Opens the explanation of a key: one request, however many keys there are. */
export async function openKey(key: Key): Promise<void> {
  const explanation = await getJson<Explanation>(`keys/${encodeURIComponent(key.key)}`, {
    namespace: key.namespace,
  })
  const button = createElement(
    'button',
    { type: 'button', class: 'danger', 'data-writes': '' },
    'Invalidate this key',
  )
  button.hidden = document.body.dataset.may === 'read'
  button.addEventListener('click', () => runAction(() => invalidateKey(key)))
  showDetails({ title: printableName(key.key), facts: describeEntry(key, explanation), actions: [button] })
}

async function invalidateKey({ key, namespace }: Key): Promise<void> {
  closeDetails()
  if (!(await askConfirmation(`Invalidate the key ${printableName(key)}?`))) return
  const { outcome } = await postJson<{ outcome: string }>('invalidate', { keys: [key] }, { namespace })
  showNotice(`Invalidated: ${outcome}.`)
}

function describeEntry({ namespace }: Key, explanation: Explanation): Record<string, string> {
  const { summary, outcome, reason, tier, age, freshFor, tags, asOf, position, invalidatedBy } = explanation
  const facts = {
    'a read now': [outcome, reason].filter((word) => word !== undefined).join(', '),
    why: summary,
    namespace: namespace.map(printableName).join(' › '),
    'kept in': tier,
    computed: age === undefined ? undefined : `${formatDuration(age)} ago`,
    fresh: describeFreshness(freshFor),
    tags: tags.map(printableName).join('\n') || 'none',
    'invalidated by': invalidatedBy && describeInvalidation(invalidatedBy),
    'log positions': `entry ${asOf ?? 'unknown'}, process ${position}`,
    value: 'value' in explanation ? describeValue(explanation.value) : undefined,
  }
  return Object.fromEntries(Object.entries(facts).flatMap(([name, text]) => (text ? [[name, text]] : [])))
}

const describeValue = (value: unknown) =>
  typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)

/** JSON has `null` for an entry that never expires. */
function describeFreshness(freshFor: number | null | undefined): string | undefined {
  if (freshFor === undefined) return undefined
  if (freshFor === null) return 'until it is invalidated'
  return freshFor > 0 ? `for ${formatDuration(freshFor)} more` : `until ${formatDuration(-freshFor)} ago`
}

function describeInvalidation({ scope, name, mode, at }: NonNullable<Explanation['invalidatedBy']>): string {
  const subject = scope === 'all' ? 'clearing the cache' : `the ${scope} ${printableName(name)}`
  return [subject, mode === 'soft' ? 'soft' : '', at === undefined ? '' : `at ${formatTime(at)}`]
    .filter((part) => part !== '')
    .join(', ')
}
