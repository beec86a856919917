import {
  booleanKind,
  checkOptions,
  functionKind,
  kindOf,
  type OptionKind,
  type OptionTable,
} from '@larder/core'
import type { CoherenceOptions, CoherentRead, CoherentWrite } from './application'

type AnyCoherenceOptions = CoherenceOptions<never, Record<string, never[]>, Record<string, never[]>>

const argsKind = kindOf(
  'an arbitrary of lists, such as fc.tuple(fc.nat(3))',
  (value) => typeof (value as { readonly generate?: unknown } | null)?.generate === 'function',
)
const readTable: OptionTable<CoherentRead<never, never[]>> = {
  args: argsKind,
  cached: functionKind('(app, id) => app.user(id)'),
  source: functionKind('(app, id) => app.database.userOf(id)'),
}
const writeTable: OptionTable<CoherentWrite<never, never[]>> = {
  args: argsKind,
  run: functionKind('(app, id) => app.rename(id)'),
}
const optionTable: OptionTable<AnyCoherenceOptions> = {
  open: functionKind("(tools) => openTeam(createCache({ name: 'team', ...tools }))"),
  reads: callsKind('{ members: { args, cached, source } }', readTable),
  writes: callsKind('{ move: { args, run } }', writeTable),
  faults: booleanKind,
}

/** @throws LarderError `BAD_OPTION` for an option that is missing, unknown or of another kind, in each read and write too. */
export function checkCoherenceOptions(options: unknown): void {
  checkOptions('checkCoherence', options ?? null, optionTable)
  requireAll('checkCoherence', options as object, {
    open: optionTable.open,
    reads: optionTable.reads,
    writes: optionTable.writes,
  })
}

/** An object of reads or writes by name, each with everything in the table. */
function callsKind(example: string, table: Readonly<Record<string, OptionKind>>): OptionKind {
  const kind = kindOf(
    `an object such as ${example}`,
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  return (value, name) => {
    kind(value, name)
    for (const [call, parts] of Object.entries(value as object)) {
      checkOptions(`${name}.${call}`, parts ?? null, table)
      requireAll(`${name}.${call}`, parts, table)
    }
  }
}

function requireAll(caller: string, given: object, table: Readonly<Record<string, OptionKind>>): void {
  for (const [name, kind] of Object.entries(table))
    kind((given as Readonly<Record<string, unknown>>)[name], `${caller}: ${name}`)
}
