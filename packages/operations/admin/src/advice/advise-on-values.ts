import { readKindOf, type SkipReason } from '@larder/core'
import { type Advice, formatPercent, minEvents, sumOf } from './advice'
import type { FunctionActivity } from './function-activity'

/** The option to change and the change to make, by the reason why most values are skipped. */
const skipAdvice: Readonly<Record<SkipReason, readonly [option: string, advice: string]>> = {
  ttl: ['ttl', 'Its ttl is 0: set one, such as 5m. Invalidation keeps values correct, so it may be long.'],
  cacheIf: ['cacheIf', 'Its cacheIf refuses the values: correct the condition, or do not wrap the function.'],
  skip: ['context.skip()', 'It calls context.skip(): do so only for values that nobody will read again.'],
  dependency: ['ttl', 'It reads another cached function whose values are not stored: correct that one.'],
  unstorable: [
    'tags',
    'The warning event says why: its tags, ttl or cacheIf fail for these values, or a limit rules them out.',
  ],
}

/** Values that are computed and not stored. */
export function adviseOnSkips(activity: FunctionActivity): Advice | undefined {
  const { name, fills, skips, cost } = activity
  const total = sumOf(fills)
  if (total < minEvents || fills.skipped < total / 2 || isDecidedByResponses(activity)) return undefined
  const [[reason]] = Object.entries(skips).sort(([, a], [, b]) => b - a) as [[SkipReason, number]]
  const [option, advice] = skipAdvice[reason]
  return {
    id: 'not-kept',
    function: name,
    option,
    title: `The values of ${name} are not kept`,
    evidence: `${fills.skipped} of ${total} computed values were not stored; most often because of: ${reason}.`,
    advice,
    cost,
  }
}

/** Whether the headers of responses decide that most of them are not stored: then the misses have no other cause. */
export const isDecidedByResponses = ({ name, fills, skips }: FunctionActivity) =>
  readKindOf(name) !== 'function' && fills.skipped > sumOf(fills) / 2 && skips.skip > sumOf(skips) / 2

/** Computations that fail. */
export function adviseOnFailures({ name, computes, cost }: FunctionActivity): Advice | undefined {
  const total = sumOf(computes)
  const failed = computes.error + computes.timeout
  if (total < minEvents || failed / total < 0.02) return undefined
  return {
    id: 'stale-if-error',
    function: name,
    option: 'staleIfError',
    title: `${name} fails`,
    evidence: `${formatPercent(failed / total)} of ${total} computations failed, ${computes.timeout} of them by timeout.`,
    advice:
      'Set staleIfError, so that the last good value is served instead, and hardTimeout to the longest time that callers can wait. If it fails because there is nothing, return null instead: that is stored.',
    cost,
  }
}

/** Values that are invalidated before they can be stored. */
export function adviseOnOutdated({ name, fills, meanDuration, cost }: FunctionActivity): Advice | undefined {
  const total = sumOf(fills)
  if (total < minEvents || fills.outdated / total < 0.05) return undefined
  return {
    id: 'invalidated-while-computing',
    function: name,
    option: 'tags',
    title: `Values of ${name} are invalidated while they are computed`,
    evidence: `${formatPercent(fills.outdated / total)} of ${total} values could not be stored for that reason; a computation takes ${Math.round(meanDuration)} ms.`,
    advice: 'Make the function faster, or invalidate narrower tags.',
    cost,
  }
}
