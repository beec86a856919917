import { createElement, elementById } from './elements'
import { formatDuration, formatTimes } from './format'
import { findLastError } from './last-error'
import type { LiveState } from './live-state'
import { printableName } from './names'
import { createRunbookLink, type RunbookSection } from './runbook'
import { nameService } from './services-panel'

/** A sentence about something that is wrong, and where to read what to do. */
interface Problem {
  readonly text: string
  /** Undefined for a problem that is in no section of its own. */
  readonly section?: RunbookSection
}

/** Says what is wrong, the worst first, each with its place in the runbook. */
export function showAlarm(state: LiveState): void {
  showProblems([...findFailures(state), ...findServicesAway(state), ...describeLastError(state)])
}

/** Says one thing that has no place in the runbook. */
export function showNoAnswer(text: string): void {
  elementById('alarm').replaceChildren(text)
}

/** The checks that fail. Those of several parts of a store that fail in the same way are one. */
function findFailures({ health }: LiveState): Problem[] {
  const wrong = health.checks.filter(({ status }) => status !== 'pass')
  const worstFirst = [...wrong].sort((a, b) => Number(a.status === 'warn') - Number(b.status === 'warn'))
  const namesByDetail = new Map<string, string[]>()
  for (const { name, detail } of worstFirst)
    namesByDetail.set(detail, [...(namesByDetail.get(detail) ?? []), name])
  return [...namesByDetail].map(([detail, names]) => describeFailure(names, detail))
}

function describeFailure(names: readonly string[], detail: string): Problem {
  if (names[0] === 'current') return { text: detail, section: 'LarderNotCurrent' }
  if (names[0] === 'outbox') return { text: detail, section: 'LarderOutboxGrowing' }
  return { text: `${names.join(', ')}: ${detail}`, section: 'LarderCircuitOpen' }
}

function findServicesAway({ services }: LiveState): Problem[] {
  const names = services.filter(({ isAway }) => isAway).map(nameService)
  return names.length === 0 ? [] : [{ text: `${names.join(', ')}: Calls to Redis keep failing.` }]
}

/** The last error in the words of the store, while a check fails. */
function describeLastError(state: LiveState): Problem[] {
  const lastError = findLastError(state)
  if (state.health.status === 'pass' || !lastError?.isRecent) return []
  const { operation, message, count, age } = lastError
  const text = `Last error, ${formatDuration(age)} ago, ${formatTimes(count)}: ${operation}: ${printableName(message)}`
  return [{ text, section: 'LarderErrors' }]
}

function showProblems(problems: readonly Problem[]): void {
  const alarm = elementById('alarm')
  const items = problems.map(({ text, section }) =>
    createElement('li', {}, text, ' ', createRunbookLink(section)),
  )
  if (items.length === 0) alarm.replaceChildren()
  else alarm.replaceChildren(createElement('ul', {}, ...items))
}
