import { getJson, postJson } from './api'
import { askConfirmation, runAction, showNotice } from './dialogs'
import { createElement, elementById } from './elements'
import { formatCount, formatDuration } from './format'
import type { WarmUp } from './live-state'

/** Connects the forms and buttons that change the cache. Each asks for a confirmation. */
export function setUpActions(): void {
  const form = elementById<HTMLFormElement>('invalidate')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    runAction(() => invalidateNames(form))
  })
  elementById('clear').addEventListener('click', () => runAction(clearCache))
}

async function invalidateNames(form: HTMLFormElement): Promise<void> {
  const data = new FormData(form)
  const kind = String(data.get('kind'))
  const names = String(data.get('names'))
    .split('\n')
    .filter((name) => name.trim() !== '')
  if (names.length === 0) return
  const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`
  if (!(await askConfirmation(`Invalidate ${names.length} ${kind}: ${listed}?`))) return
  const { outcome, keys } = await postJson<{ outcome: string; keys: number }>('invalidate', {
    [kind]: names,
    mode: data.get('soft') === null ? 'hard' : 'soft',
  })
  showNotice(`Invalidated: ${outcome}${kind === 'patterns' ? `, ${formatCount(keys)} keys` : ''}.`)
  form.reset()
}

async function clearCache(): Promise<void> {
  const { confirm, effect } = await postJson<{ confirm: string; effect: string }>('clear', {})
  if (!(await askConfirmation(effect))) return
  const { outcome } = await postJson<{ outcome: string }>('clear', { confirm })
  showNotice(`Cleared: ${outcome}.`)
}

/** Shows a button for each warm-up that the application offers. */
export async function showWarmUpButtons(): Promise<void> {
  const { names } = await getJson<{ names: readonly string[] }>('warm')
  const rows = names.map((name) => {
    const button = createElement('button', { type: 'button' }, `Warm ${name}`)
    button.addEventListener('click', () => runAction(() => startWarmUp(name)))
    return createElement(
      'p',
      {},
      button,
      ' ',
      createElement('span', { class: 'quiet', 'data-warm-up': name }),
    )
  })
  const placeholder = createElement('p', { class: 'quiet' }, 'The application offers no warm-ups.')
  elementById('warm').replaceChildren(...(rows.length > 0 ? rows : [placeholder]))
}

async function startWarmUp(name: string): Promise<void> {
  if (!(await askConfirmation(`Run the warm-up "${name}"?`))) return
  await postJson('warm', { name })
  showNotice(`Started the warm-up "${name}".`)
}

/** Shows the progress of the warm-ups beside their buttons. */
export function showWarmUpProgress(warmUps: readonly WarmUp[]): void {
  for (const { name, progress, report } of warmUps) {
    const label = document.querySelector(`[data-warm-up="${CSS.escape(name)}"]`)
    const total = progress?.total === undefined ? '' : ` of ${formatCount(progress.total)}`
    label?.replaceChildren(
      report
        ? `${formatCount(report.done)} done, ${formatCount(report.failed)} failed, in ${formatDuration(report.duration)}`
        : `${formatCount(progress?.done ?? 0)}${total} …`,
    )
  }
}
