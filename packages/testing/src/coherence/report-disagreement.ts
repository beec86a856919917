import { inspect } from 'node:util'
import type { Disagreement } from './run-scenario'
import type { Command, Step } from './steps'

const formatValue = (value: unknown) => inspect(value, { depth: 5, breakLength: Number.POSITIVE_INFINITY })

const formatCommand = ({ name, args }: Command) => `${name}(${args.map(formatValue).join(', ')})`

/** Formats the steps, the disagreement after them, and the tags that explain it, one line each. */
export function reportDisagreement(
  steps: readonly Step[],
  { command, expected, received, ...evidence }: Disagreement,
): string {
  return [
    ...steps.map((step) => `  ${formatStep(step)}`),
    `then ${formatCommand(command)} returned ${formatValue(received)}`,
    `while the source says ${' '.repeat(Math.max(0, formatCommand(command).length - 8))}${formatValue(expected)}`,
    '',
    ...explainCause(evidence),
  ].join('\n')
}

function formatStep(step: Step): string {
  if (step.kind === 'wait') return `${step.ms} ms pass`
  if (step.kind === 'fault')
    return step.mode === 'work' ? 'the store works again' : `calls of the store ${step.mode}`
  return step.overlapsNext ? `${formatCommand(step)}, and meanwhile` : formatCommand(step)
}

/** The tags of the entry beside the tags that were invalidated: the missing invalidation shows between the two. */
function explainCause({ entries, invalidated }: Pick<Disagreement, 'entries' | 'invalidated'>): string[] {
  const cached = [...entries].map(
    ([key, tags]) =>
      `${formatValue(key)} is cached with ${tags.length === 0 ? 'no tags' : `the tags ${tags.map(formatValue).join(', ')}`}.`,
  )
  const writes = invalidated.map(
    ({ command, names }) =>
      `${formatCommand(command)} invalidated ${names.length === 0 ? 'nothing' : names.map(formatValue).join(', ')}.`,
  )
  const tags = new Set([...entries.values()].flat())
  const isTouched = invalidated.some(({ names }) => names.some((name) => tags.has(name)))
  return [
    ...cached,
    ...writes,
    ...(isTouched ? [] : ['No invalidated tag is on a cached entry that was read.']),
  ]
}
