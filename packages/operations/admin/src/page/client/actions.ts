import { get, post } from './api'
import { attempt, confirmed, notify } from './dialogs'
import { byId, element } from './element'
import { count, duration } from './format'
import type { WarmUp } from './state'

/** Makes the buttons that change something do so, after asking. */
export function setUpActions(): void {
  const form = byId<HTMLFormElement>('invalidate')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(() => invalidate(form))
  })
  byId('clear').addEventListener('click', () => attempt(clear))
}

async function invalidate(form: HTMLFormElement): Promise<void> {
  const data = new FormData(form)
  const kind = String(data.get('kind'))
  const names = String(data.get('names'))
    .split('\n')
    .filter((name) => name.trim() !== '')
  if (
    names.length === 0 ||
    !(await confirmed(
      `Invalidate ${names.length} ${kind}: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}?`,
    ))
  )
    return
  const { outcome, keys } = await post<{ outcome: string; keys: number }>('invalidate', {
    [kind]: names,
    mode: data.get('soft') === null ? 'hard' : 'soft',
  })
  notify(`Invalidated: ${outcome}${kind === 'patterns' ? `, ${count(keys)} keys` : ''}.`)
  form.reset()
}

async function clear(): Promise<void> {
  const { confirm, effect } = await post<{ confirm: string; effect: string }>('clear', {})
  if (!(await confirmed(effect))) return
  const { outcome } = await post<{ outcome: string }>('clear', { confirm })
  notify(`Cleared: ${outcome}.`)
}

/** Buttons for the warm-ups that the application offers. */
export async function offerWarmUps(): Promise<void> {
  const { names } = await get<{ names: readonly string[] }>('warm')
  const rows = names.map((name) => {
    const button = element('button', { type: 'button' }, `Warm ${name}`)
    button.addEventListener('click', () => attempt(() => start(name)))
    return element('p', {}, button, ' ', element('span', { class: 'quiet', 'data-warm-up': name }))
  })
  const nothing = element('p', { class: 'quiet' }, 'The application offers no warm-ups.')
  byId('warm').replaceChildren(...(rows.length > 0 ? rows : [nothing]))
}

async function start(name: string): Promise<void> {
  if (!(await confirmed(`Run the warm-up "${name}"?`))) return
  await post('warm', { name })
  notify(`Warming ${name}.`)
}

export function showWarmUps(warmUps: readonly WarmUp[]): void {
  for (const { name, progress, report } of warmUps) {
    const place = document.querySelector(`[data-warm-up="${CSS.escape(name)}"]`)
    const done = report
      ? `${count(report.done)} done, ${count(report.failed)} failed, in ${duration(report.duration)}`
      : `${count(progress?.done ?? 0)}${progress?.total === undefined ? '' : ` of ${count(progress.total)}`} …`
    place?.replaceChildren(done)
  }
}
