import { requireOptionsObject, unknownOption } from '../arguments/check-options'
import { booleanKind, kindOf, type OptionKind, synchronousKind } from '../arguments/option-kinds'
import { type Duration, toMs } from '../entry/duration'
import { type TagNames, toTagNames } from '../entry/tag-names'
import { LarderError } from '../errors'
import type { EntryOptions, TagsOf, TtlOf, WaitOptions } from '../options'

/** One row of the table of entry options. */
interface OptionRow<Given, Resolved> {
  /** Checks a given value and converts it: durations to ms. @throws LarderError saying what to write instead. */
  readonly resolve: (value: Given, name: string) => Resolved
  /** In force if neither the cache nor the call sets the option. */
  readonly default: Resolved
  /** Switches the option off, for a value that is kept exactly as long as its `ttl` says. `inherit`: the cache's own applies. */
  readonly neutral: Given | typeof inherit
}

const inherit = Symbol('inherit')

const defineRow =
  <Given, Resolved = Given>(resolve: OptionRow<Given, Resolved>['resolve']) =>
  (defaultValue: Resolved, neutral: OptionRow<Given, Resolved>['neutral']): OptionRow<Given, Resolved> => ({
    resolve,
    default: defaultValue,
    neutral,
  })

const duration = defineRow((value: Duration, name: string): number => toMs(value, name))
const optionalDuration = defineRow<Duration, number | undefined>((value, name) => toMs(value, name))
const checkTtlFunction = synchronousKind('(value) => value.expiresIn')
const timeLimit = defineRow((value: Duration, name: string): number => {
  const ms = toMs(value, name)
  if (ms > 0) return ms
  throw new LarderError(
    'BAD_DURATION',
    `${name} must be above 0, or every call would fail at once. Write Infinity for no limit.`,
  )
})
const ttl = defineRow((value: TtlOf<never>, name: string): ((value: never) => Duration) | number => {
  if (typeof value !== 'function') return toMs(value, name)
  checkTtlFunction(value, name)
  return value
})
const numberUpTo = (maximum: number, expected: string) => {
  const checkNumber = kindOf(expected, (value) => typeof value === 'number' && value >= 0 && value <= maximum)
  return defineRow((value: number, name: string): number => {
    checkNumber(value, name)
    return value
  })
}
const share = numberUpTo(1, 'a number from 0 to 1, such as 0.8')
const factor = numberUpTo(Number.MAX_VALUE, '0 (off) or a factor such as 1')
const checkTagsFunction = synchronousKind("(value) => ['user:' + value.id]")
const tags = defineRow<TagsOf<never>, readonly string[] | ((value: never) => TagNames)>((value, name) => {
  if (typeof value !== 'function') return toTagNames(name, value)
  checkTagsFunction(value, name)
  return value
})
const flag = defineRow((value: boolean, name: string) => {
  booleanKind(value, name)
  return value
})
const checkPredicate = synchronousKind('(value) => value !== null')
const predicate = defineRow<(value: never) => boolean, ((value: never) => boolean) | undefined>(
  (value, name) => {
    checkPredicate(value, name)
    return value
  },
)

/**
 * All options of entries: how each is checked, its default, and its neutral value. Names, resolved rules and neutral options
 * derive from this table, so an option that lacks a row does not compile.
 */
const entryOptions = {
  ttl: ttl(60_000, inherit),
  tags: tags([], inherit),
  staleWhileRevalidate: duration(0, 0),
  staleIfError: duration(0, 0),
  retryAfter: duration(1_000, inherit),
  refreshAhead: share(1, 1),
  earlyExpiry: factor(0, 0),
  jitter: share(0, 0),
  negativeTtl: optionalDuration(undefined, inherit),
  errorTtl: duration(0, 0),
  cacheIf: predicate(undefined, () => true),
  sourceLag: duration(0, inherit),
  isolate: flag(true, inherit),
  softTimeout: duration(Number.POSITIVE_INFINITY, inherit),
  hardTimeout: timeLimit(30_000, inherit),
} satisfies {
  [Name in keyof Required<RuleOptions>]: OptionRow<NonNullable<RuleOptions[Name]>, unknown>
}

type EntryOptionTable = typeof entryOptions

export type RuleOptions = EntryOptions<never> & WaitOptions

/** The options in force for one entry: complete and checked, durations in ms. */
export type Rules = { readonly [Name in keyof EntryOptionTable]: EntryOptionTable[Name]['default'] }

/** The names of all options of entries. */
export const entryOptionNames = Object.keys(entryOptions) as readonly (keyof RuleOptions)[]

const rows: ReadonlyMap<string, OptionRow<unknown, unknown>> = new Map(Object.entries(entryOptions) as never)

/** The rules if neither the cache nor the call sets an option. */
export const defaultRules = Object.fromEntries([...rows].map(([name, row]) => [name, row.default])) as Rules

/**
 * Options for a value that is kept exactly as long as its `ttl` says, even if the cache has other defaults: no jitter, no
 * early refresh, no stale windows, no remembered errors, and every value is stored.
 */
export const neutralEntryOptions: EntryOptions<unknown> = Object.fromEntries(
  [...rows].flatMap(([name, { neutral }]) => (neutral === inherit ? [] : [[name, neutral]])),
)

/** The kinds of all options of entries, for entry points that only check them. */
export const entryOptionKinds = Object.fromEntries(
  [...rows].map(([name, row]): [string, OptionKind] => [
    name,
    (value, label) => void row.resolve(value, label),
  ]),
) as Readonly<Record<keyof RuleOptions, OptionKind>>

/** Options of entries that mean nothing to an entry point, each with what it is for and where to write it. */
type RefusedOptions = Readonly<Partial<Record<keyof RuleOptions, string>>>

const waitsForNothing =
  'limits how long a caller waits for a computation, and none runs here. Give it to getOrCompute, wrap or createCache.'

/** Refused where no function is called. */
export const refusedWithoutComputation: RefusedOptions = {
  softTimeout: waitsForNothing,
  hardTimeout: waitsForNothing,
}

/**
 * Applies options to a base. `others` are the options of the entry point that are not options of entries, `refused` those of
 * entries that it does not have.
 *
 * @param caller - The entry point, for error messages.
 * @throws LarderError `BAD_DURATION` or `BAD_OPTION`, naming the option and saying what to write instead.
 */
export function resolveRules(
  caller: string,
  options: RuleOptions | undefined,
  base: Rules,
  others: Readonly<Record<string, OptionKind>>,
  refused: RefusedOptions = {},
): Rules {
  if (options === undefined) return base
  requireOptionsObject(caller, options, entryOptionKinds)
  const rules: Record<string, unknown> = { ...base }
  for (const name in options) {
    const row = rows.get(name)
    const kind = row?.resolve ?? (Object.hasOwn(others, name) ? others[name] : undefined)
    if (kind === undefined) {
      if (isInAllObjects(options, name)) continue
      throw unknownOption(caller, name, knownOptions(others, refused))
    }
    const value = options[name as keyof RuleOptions]
    if (value === undefined) continue
    const reason = refused[name as keyof RuleOptions]
    if (reason !== undefined) throw new LarderError('BAD_OPTION', `${caller}: ${name} ${reason}`)
    const resolved = kind(value, `${caller}: ${name}`)
    if (row !== undefined) rules[name] = resolved
  }
  return rules as unknown as Rules
}

/** A property that some library has added to `Object.prototype` is not an option. */
function isInAllObjects(options: object, name: string): boolean {
  return !Object.hasOwn(options, name) && name in Object.prototype
}

function knownOptions(others: Readonly<Record<string, OptionKind>>, refused: RefusedOptions): string[] {
  return [...rows.keys(), ...Object.keys(others)].filter((name) => !Object.hasOwn(refused, name))
}

/** The ttl for a value, before jitter, in ms. */
export function ttlOf({ ttl, negativeTtl }: Rules, value: unknown): number {
  if (negativeTtl !== undefined && (value === undefined || value === null)) return negativeTtl
  const chosen: Duration = typeof ttl === 'function' ? ttl(value as never) : ttl
  return toMs(chosen, 'ttl')
}

/**
 * The tags for a value, without those found during its computation.
 * @throws LarderError `BAD_TAG` for an invalid result of a function.
 */
export function tagsOf({ tags }: Rules, value: unknown): readonly string[] {
  return typeof tags === 'function' ? toTagNames('tags', tags(value as never)) : tags
}
