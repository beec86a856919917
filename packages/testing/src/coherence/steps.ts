import fc, { type Arbitrary } from 'fast-check'
import type { AnyOptions } from './application'

/** A read or a write of a story. */
export interface Act {
  readonly kind: 'read' | 'write'
  readonly name: string
  readonly args: readonly unknown[]
  /** Whether the next step begins before this one has ended. */
  readonly isHasty: boolean
}

/** One thing that happens in a story. */
export type Step =
  | Act
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fault'; readonly mode: 'work' | 'fail' | 'hang' }

const waits = [1, 100, 5_000, 3_600_000]

function acts(
  kind: Act['kind'],
  declared: Readonly<Record<string, { readonly args: Arbitrary<unknown> }>>,
): Arbitrary<Act>[] {
  return Object.entries(declared).map(([name, { args }]) =>
    fc.record({
      kind: fc.constant(kind),
      name: fc.constant(name),
      args: args as Arbitrary<readonly unknown[]>,
      isHasty: fc.oneof(
        { withCrossShrink: true },
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  )
}

/** Anything that may happen, in any order. */
export function stepsOf({ reads, writes, faults = true }: AnyOptions): Arbitrary<readonly Step[]> {
  const wait: Arbitrary<Step> = fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(...waits) })
  const fault: Arbitrary<Step> = fc.record({
    kind: fc.constant('fault'),
    mode: fc.constantFrom('work', 'fail', 'hang'),
  })
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.oneof(...acts('read', reads)) },
      { weight: 3, arbitrary: fc.oneof(...acts('write', writes)) },
      { weight: 1, arbitrary: wait },
      ...(faults ? [{ weight: 1, arbitrary: fault }] : []),
    ),
    { minLength: 1, maxLength: 30 },
  )
}
