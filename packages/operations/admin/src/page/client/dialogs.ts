import { createElement, elementById } from './elements'

const noticeDuration = 6_000

let noticeTimer: ReturnType<typeof setTimeout> | undefined

/** Shows a message for six seconds. */
export function showNotice(text: string): void {
  const notice = elementById('notice')
  notice.textContent = text
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => notice.replaceChildren(), noticeDuration)
}

/** Runs the action of a button or form, and shows the message if it fails. */
export function runAction(action: () => Promise<unknown>): void {
  action().catch((error: unknown) => showNotice(error instanceof Error ? error.message : String(error)))
}

/** Resolves to whether the user confirms. */
export function askConfirmation(question: string): Promise<boolean> {
  const dialog = elementById<HTMLDialogElement>('confirm')
  elementById('question').textContent = question
  dialog.returnValue = 'no'
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}

/** Shows names and values in a dialog. */
export function showDetails(facts: Readonly<Record<string, unknown>>): void {
  const pairs = Object.entries(facts).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [createElement('dt', {}, name), createElement('dd', {}, text ?? '')]
  })
  elementById('detail').replaceChildren(createElement('dl', {}, ...pairs))
  const dialog = elementById<HTMLDialogElement>('details')
  dialog.showModal()
  dialog.scrollTop = 0
}
