import {
  anyKind,
  auditOptionTable,
  booleanKind,
  checkOptions,
  countKind,
  durationKind,
  functionKind,
  kindOf,
  LarderError,
  type OptionTable,
  textKind,
} from '@larder/core'
import type { AdminOptions } from './options'

const listKind = (example: string) => kindOf(`a list such as ${example}`, Array.isArray)
const recordKind = (example: string) =>
  kindOf(
    `an object such as ${example}`,
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )

const optionTable: OptionTable<AdminOptions> = {
  // Checked below, because they have no defaults.
  caches: anyKind,
  authorize: anyKind,
  services: listKind('[limiter.service]'),
  hosts: listKind("['admin.example']"),
  showValues: booleanKind,
  warmUps: recordKind('{ products: () => tasks }'),
  functions: recordKind('{ product }'),
  audits: recordKind('{ products: { source } }'),
  onAction: functionKind('(action) => console.log(action)'),
  onError: functionKind('(error) => console.error(error)'),
  runbook: textKind,
  maxHistory: countKind,
  watchFor: durationKind,
}

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead. */
export function checkAdminOptions(options: AdminOptions): void {
  checkOptions('adminHandler', options ?? null, optionTable)
  const { caches, authorize, functions = {}, audits = {} } = options
  if (typeof authorize !== 'function')
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs authorize: (request) => boolean. It has no default, because none would be safe.',
    )
  const all: readonly unknown[] = [caches].flat()
  if (all.length === 0 || !all.every(isCache))
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs caches: adminHandler({ caches: cache, authorize }).',
    )
  for (const [name, fn] of Object.entries(functions))
    if (typeof fn?.keyOf !== 'function')
      throw new LarderError(
        'BAD_OPTION',
        `adminHandler: functions.${name} must be a function that cache.wrap returned: functions: { product }.`,
      )
  for (const [name, options] of Object.entries(audits)) {
    const caller = `adminHandler: audits.${name}`
    checkOptions(caller, options ?? null, auditOptionTable)
    auditOptionTable.source(options.source, `${caller}: source`)
  }
}

function isCache(value: unknown): boolean {
  return typeof (value as { readonly stats?: unknown } | null | undefined)?.stats === 'function'
}
