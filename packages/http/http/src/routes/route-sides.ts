import { LarderError } from '@larder/core'
import type { RouteRule } from '../contracts/route-rule'
import { isSafeMethod } from '../policy/invalidation'

/** Reads are answered from the cache; writes, the unsafe methods, invalidate what it holds. */
export type Side = 'read' | 'write'

/** Methods whose responses are stored. */
const cachedMethods = new Set(['GET', 'HEAD'])

/**
 * The requests that a route is for, so that a rule for reads never hides one for writes. Without a method, `invalidates`
 * makes a rule one for writes, every other option one for reads, and `false` excludes both.
 */
export function sidesOf(method: string | undefined, rule: RouteRule | false): readonly Side[] {
  if (method !== undefined) return [isSafeMethod(method) ? 'read' : 'write']
  if (rule === false) return ['read', 'write']
  const names = Object.keys(rule)
  if (!names.includes('invalidates')) return ['read']
  return names.length === 1 ? ['write'] : ['read', 'write']
}

/** @throws LarderError `BAD_OPTION` for a method that is never cached, and for options without effect on the method. */
export function checkRouteMethod(name: string, method: string | undefined, rule: RouteRule | false): void {
  if (method === undefined) return
  const refuse = (reason: string) => {
    throw new LarderError('BAD_OPTION', `routes['${name}']: ${reason}`)
  }
  if (isSafeMethod(method) && !cachedMethods.has(method))
    refuse(`responses to ${method} are never stored. Leave the route out.`)
  if (rule === false) return
  const options = Object.keys(rule)
  if (cachedMethods.has(method) && options.includes('invalidates'))
    refuse(`invalidates is for unsafe methods; a ${method} changes nothing. Write 'POST …' or leave it out.`)
  const idle = options.find((option) => option !== 'invalidates')
  if (!isSafeMethod(method) && idle !== undefined)
    refuse(`${idle} has no effect on ${method}, whose responses are never stored; only invalidates has.`)
}
