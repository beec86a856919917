import { type Duration, toMs } from '@larder/core'
import type { VariableKind } from './variable-kinds'

/** A policy of a rate limiter. */
export interface EnvPolicy {
  readonly name: string
  readonly limit: number
  readonly window: Duration
}

/** Policies with their limits and windows. */
export const policiesKind: VariableKind<readonly EnvPolicy[]> = {
  expected: "limits with different names, each with its window, such as 'per-minute=100/1m,per-day=5000/1d'",
  parseText(text) {
    const policies = text.split(',').map(parsePolicy)
    const valid = policies.filter((policy) => policy !== undefined)
    const names = new Set(valid.map(({ name }) => name))
    return names.size === policies.length ? valid : undefined
  },
}

function parsePolicy(text: string): EnvPolicy | undefined {
  const [, name = '', digits, window = ''] = /^\s*([\w-]{1,64})\s*=\s*(\d+)\s*\/\s*(.*?)\s*$/.exec(text) ?? []
  const limit = Number(digits)
  return limit > 0 && Number.isSafeInteger(limit) && isWindow(window)
    ? { name, limit, window: window as Duration }
    : undefined
}

function isWindow(text: string): boolean {
  try {
    const ms = toMs(text as Duration, '')
    return ms > 0 && Number.isFinite(ms)
  } catch {
    return false
  }
}
