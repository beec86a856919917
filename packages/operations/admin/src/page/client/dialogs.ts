import { type Child, createElement, elementById } from './elements'

const noticeDuration = 6_000

let noticeTimer: ReturnType<typeof setTimeout> | undefined

/** Shows a message for six seconds. */
export function showNotice(text: string): void {
  elementById('notice').textContent = text
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(hideNotice, noticeDuration)
}

/** Shows why an action failed, until the message is dismissed or replaced by another. */
function showFailure(text: string): void {
  clearTimeout(noticeTimer)
  const button = createElement('button', { type: 'button' }, 'Dismiss')
  button.addEventListener('click', hideNotice)
  elementById('notice').replaceChildren(createElement('span', {}, text), button)
}

function hideNotice(): void {
  elementById('notice').replaceChildren()
}

/** Runs the action of a button or form, and shows the message if it fails: in `place`, which would show the result. */
export function runAction(action: () => Promise<unknown>, place?: HTMLElement): void {
  action().catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error)
    if (place === undefined) showFailure(text)
    else place.replaceChildren(createElement('p', { class: 'failure', role: 'alert' }, text))
  })
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

/** The content of the dialog for details. */
export interface Details {
  readonly title: string
  readonly facts: Readonly<Record<string, string>>
  /** Buttons beside the one that closes it. */
  readonly actions?: readonly Child[]
}

/** Shows names and values in a dialog. */
export function showDetails({ title, facts, actions = [] }: Details): void {
  elementById('detail-title').textContent = title
  const pairs = Object.entries(facts).flatMap(([name, value]) => [
    createElement('dt', {}, name),
    createElement('dd', {}, value),
  ])
  elementById('detail').replaceChildren(createElement('dl', {}, ...pairs))
  elementById('detail-actions').replaceChildren(...actions)
  const dialog = elementById<HTMLDialogElement>('details')
  dialog.showModal()
  dialog.scrollTop = 0
}

export const closeDetails = () => elementById<HTMLDialogElement>('details').close()
