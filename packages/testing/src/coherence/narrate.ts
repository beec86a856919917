import { inspect } from 'node:util'
import type { Act, Step } from './steps'
import type { Disagreement } from './story'

const shown = (value: unknown) => inspect(value, { depth: 5, breakLength: Number.POSITIVE_INFINITY })

const called = ({ name, args }: Act) => `${name}(${args.map(shown).join(', ')})`

/** A story as lines of text, and what is wrong at its end. */
export function narrate(steps: readonly Step[], { act, expected, received, ...rest }: Disagreement): string {
  return [
    ...steps.map((step) => `  ${lineOf(step)}`),
    `then ${called(act)} returned ${shown(received)}`,
    `while the source says ${' '.repeat(Math.max(0, called(act).length - 8))}${shown(expected)}`,
    '',
    ...explain(rest),
  ].join('\n')
}

function lineOf(step: Step): string {
  if (step.kind === 'wait') return `${step.ms} ms pass`
  if (step.kind === 'fault')
    return step.mode === 'work' ? 'the store works again' : `calls of the store ${step.mode}`
  return step.isHasty ? `${called(step)}, and meanwhile` : called(step)
}

/** Which tags the entry has, and which ones were invalidated: the missing link is between the two. */
function explain({ entries, invalidated }: Pick<Disagreement, 'entries' | 'invalidated'>): string[] {
  const cached = [...entries].map(
    ([key, tags]) =>
      `${shown(key)} is cached with ${tags.length === 0 ? 'no tags' : `the tags ${tags.map(shown).join(', ')}`}.`,
  )
  const ended = invalidated.map(
    ({ act, names }) =>
      `${called(act)} invalidated ${names.length === 0 ? 'nothing' : names.map(shown).join(', ')}.`,
  )
  const tags = new Set([...entries.values()].flat())
  const isTouched = invalidated.some(({ names }) => names.some((name) => tags.has(name)))
  return [...cached, ...ended, ...(isTouched ? [] : ['Nothing that was invalidated ends it.'])]
}
