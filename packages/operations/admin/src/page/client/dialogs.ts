import { byId, element } from './element'

let timer: ReturnType<typeof setTimeout> | undefined

/** Tells something in passing. */
export function notify(text: string): void {
  const notice = byId('notice')
  notice.textContent = text
  clearTimeout(timer)
  timer = setTimeout(() => notice.replaceChildren(), 6_000)
}

/** Runs what a button does, and tells what went wrong. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => notify(error instanceof Error ? error.message : String(error)))
}

/** Asks before something is done. */
export function confirmed(question: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>('confirm')
  byId('question').textContent = question
  dialog.returnValue = 'no'
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}

/** Shows names and values, one below the other. */
export function showDetails(facts: Readonly<Record<string, unknown>>): void {
  const pairs = Object.entries(facts).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [element('dt', {}, name), element('dd', {}, text ?? '')]
  })
  byId('detail').replaceChildren(element('dl', {}, ...pairs))
  byId<HTMLDialogElement>('details').showModal()
}
