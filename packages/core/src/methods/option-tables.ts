import type { OptionTable } from '../arguments/check-options'
import {
  anyKind,
  booleanKind,
  choiceKind,
  countKind,
  durationKind,
  functionKind,
  kindOf,
  nameKind,
  objectKind,
  signalKind,
  synchronousKind,
  textKind,
} from '../arguments/option-kinds'
import { entryOptionKinds, type RuleOptions } from '../compute/rules'
import type { KeysOptions } from '../contracts/inspection'
import type { AuditOptions, WarmOptions } from '../contracts/operation'
import type {
  ComputeManyOptions,
  ComputeOptions,
  InvalidateOptions,
  LoaderOptions,
  ReadOptions,
  TransactionOptions,
  WrapOptions,
} from '../options'

/** Options of `get`, `getMany` and `has`. */
export const readOptionTable: OptionTable<ReadOptions> = {
  consistency: choiceKind('bounded', 'strong'),
  after: textKind,
}

/** Options of `getOrCompute` beside those of entries. */
export const computeOptionTable: OptionTable<Omit<ComputeOptions, keyof RuleOptions>> = {
  ...readOptionTable,
  fresh: booleanKind,
  serveIf: synchronousKind('(value) => value.complete'),
  signal: signalKind,
}

/** All options of `getManyOrCompute`. */
export const computeManyOptionTable: OptionTable<ComputeManyOptions> = {
  ...entryOptionKinds,
  ...readOptionTable,
  fresh: booleanKind,
  signal: signalKind,
}

/** All options of `loader`. */
export const loaderOptionTable: OptionTable<LoaderOptions> = {
  ...entryOptionKinds,
  consistency: choiceKind('bounded', 'strong'),
  maxBatchSize: countKind,
}

/** Options of `wrap` beside those of entries. */
export const wrapOptionTable: OptionTable<Omit<WrapOptions<never, never>, keyof RuleOptions>> = {
  name: nameKind,
  maxConcurrentComputes: anyKind,
  shared: booleanKind,
  key: synchronousKind('([id]) => String(id)'),
  version: kindOf(
    'a text or a number, such as 2',
    (value) => typeof value === 'string' || Number.isFinite(value),
  ),
}

/** Options of everything that invalidates. */
export const invalidateOptionTable: OptionTable<InvalidateOptions> = {
  mode: choiceKind('hard', 'soft'),
  ifUnavailable: choiceKind('queue', 'throw'),
}

/** Options of `transaction` and `wrapWrite`. */
export const transactionOptionTable: OptionTable<TransactionOptions> = {
  rolledBack: synchronousKind('(error) => error instanceof RollbackError'),
}

/** Options of `keys`. */
export const keysOptionTable: OptionTable<KeysOptions> = {
  pattern: textKind,
  live: booleanKind,
  cursor: textKind,
  limit: countKind,
}

/** Options of `warm`. */
export const warmOptionTable: OptionTable<WarmOptions> = {
  concurrency: countKind,
  signal: signalKind,
  onProgress: functionKind('({ done }) => console.log(done)'),
  once: objectKind("{ name: 'start', every: '1h' }"),
}

/** Options of `warm({ once })`. */
export const warmOnceOptionTable: OptionTable<NonNullable<WarmOptions['once']>> = {
  name: nameKind,
  every: durationKind,
}

/** Options of `audit`. */
export const auditOptionTable: OptionTable<AuditOptions> = {
  source: functionKind('(key) => database.load(key)'),
  sample: countKind,
  pattern: textKind,
  rate: kindOf('a number of calls per second above 0', (value) => typeof value === 'number' && value > 0),
  isSame: synchronousKind('(cached, actual) => cached.id === actual.id'),
  repair: booleanKind,
  signal: signalKind,
}
