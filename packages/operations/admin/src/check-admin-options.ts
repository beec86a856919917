import { auditOptionTable, checkOptions, LarderError } from '@larder/core'
import type { AdminOptions } from './options'

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead. */
export function checkAdminOptions({ caches, authorize, functions = {}, audits = {} }: AdminOptions): void {
  if (typeof authorize !== 'function')
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs authorize: (request) => boolean. It has no default, because none would be safe.',
    )
  if (caches === undefined || [caches].flat().length === 0)
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
