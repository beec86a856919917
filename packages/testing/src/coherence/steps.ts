import fc, { type Arbitrary } from 'fast-check'
import type { AnyOptions } from './application'

/** A call of a declared read or write. */
export interface Command {
  readonly kind: 'read' | 'write'
  readonly name: string
  readonly args: readonly unknown[]
  /** Whether the next step starts before this one has settled. */
  readonly overlapsNext: boolean
}

/** One step of a scenario: a command, a wait in virtual time, or a change of the store's fault mode. */
export type Step =
  | Command
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fault'; readonly mode: 'work' | 'fail' | 'hang' }

const waits = [1, 100, 5_000, 3_600_000]

function arbitraryCommands(
  kind: Command['kind'],
  declared: Readonly<Record<string, { readonly args: Arbitrary<unknown> }>>,
): Arbitrary<Command>[] {
  return Object.entries(declared).map(([name, { args }]) =>
    fc.record({
      kind: fc.constant(kind),
      name: fc.constant(name),
      args: args as Arbitrary<readonly unknown[]>,
      overlapsNext: fc.oneof(
        { withCrossShrink: true },
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  )
}

/** Sequences of up to 30 steps: mostly reads, fewer writes, some waits and faults. */
export function arbitrarySteps({ reads, writes, faults = true }: AnyOptions): Arbitrary<readonly Step[]> {
  const wait: Arbitrary<Step> = fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(...waits) })
  const fault: Arbitrary<Step> = fc.record({
    kind: fc.constant('fault'),
    mode: fc.constantFrom('work', 'fail', 'hang'),
  })
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.oneof(...arbitraryCommands('read', reads)) },
      { weight: 3, arbitrary: fc.oneof(...arbitraryCommands('write', writes)) },
      { weight: 1, arbitrary: wait },
      ...(faults ? [{ weight: 1, arbitrary: fault }] : []),
    ),
    { minLength: 1, maxLength: 30 },
  )
}
