import { createElement } from './elements'

/** The runbook of the service, which the handler was given. */
const address = document.querySelector<HTMLMetaElement>('meta[name=runbook]')?.content ?? ''

/** Sections of the runbook, by the alert that each of them is about. */
export type RunbookSection =
  | 'LarderChurn'
  | 'LarderCircuitOpen'
  | 'LarderErrors'
  | 'LarderFunctionNeverHits'
  | 'LarderHitRatioLow'
  | 'LarderNotCurrent'
  | 'LarderNothingKept'
  | 'LarderOutboxGrowing'
  | 'LarderRedisMemory'
  | 'LarderSourceFailing'
  | 'LarderStoreSlow'

/** The address of a section, or of the whole runbook. */
export const runbookUrl = (section?: RunbookSection) =>
  section === undefined ? address : `${address}#${section.toLowerCase()}`

/** A link to what to do about a state. */
export function createRunbookLink(section?: RunbookSection, text = 'runbook'): HTMLAnchorElement {
  return createElement('a', { href: runbookUrl(section), target: '_blank', rel: 'noreferrer' }, text)
}
