import { type Duration, type TagNames, toMs, toTagNames } from '@larder/core'
import type { RouteRule, RuleRequest, RuleResponse } from '../contracts/route-rule'
import type { Warn } from '../warner'
import { callChecked, checkFunction, type FunctionCheck } from './checked-function'

/** The functions of a rule. They never throw; a result that is missing or false makes the request bypass the cache. */
export interface RuleFunctions {
  /** In ms. Undefined for a rule without `ttl`. */
  readonly ttl: ((response: RuleResponse) => number | undefined) | undefined
  /** Undefined for a rule without `key`. */
  readonly key: ((request: RuleRequest) => string | undefined) | undefined
  /** Undefined if the tags are invalid: the response could not be invalidated by them, and must not be stored. */
  readonly tags: (request: RuleRequest) => readonly string[] | undefined
  readonly cacheIf: (request: RuleRequest) => boolean
  readonly refreshIf: (request: RuleRequest) => boolean
  readonly invalidates: (request: RuleRequest) => Promise<readonly string[]> | readonly string[]
}

/** An option of a rule as warnings name it. Options beside `cache` have no route. */
export function nameOption(route: string, option: string): string {
  return route === '' ? option : `routes['${route}'].${option}`
}

/**
 * Makes the functions of a rule from its options, whether they are functions or constants.
 * @throws LarderError `BAD_OPTION`, `BAD_DURATION` or `BAD_TAG` for an option that can never be valid.
 */
export function resolveFunctions(route: string, options: RouteRule, warn: Warn): RuleFunctions {
  const checkOf = <T>(option: string, check: Omit<FunctionCheck<T>, 'subject'>) => ({
    ...check,
    subject: nameOption(route, option),
  })
  const check = {
    key: checkOf('key', keyCheck),
    ttl: checkOf('ttl', ttlCheck),
    tags: checkOf('tags', tagsCheck),
  }
  const cacheIf = checkOf('cacheIf', booleanCheck)
  const refreshIf = checkOf('refreshIf', booleanCheck)
  checkFunction(check.key, options.key)
  checkFunction(cacheIf, options.cacheIf)
  checkFunction(refreshIf, options.refreshIf)
  return {
    ttl: resolveTtl(options.ttl, check.ttl, warn),
    key: options.key && ((request) => callChecked(check.key, warn, () => options.key?.(request))),
    tags: resolveTags(options.tags, check.tags, warn),
    cacheIf: (request) =>
      options.cacheIf === undefined || callChecked(cacheIf, warn, () => options.cacheIf?.(request)) === true,
    refreshIf: (request) =>
      options.refreshIf !== undefined &&
      callChecked(refreshIf, warn, () => options.refreshIf?.(request)) === true,
    invalidates: resolveInvalidates(options.invalidates, checkOf('invalidates', tagsCheck), warn),
  }
}

const beforeTheCache =
  'Do the asynchronous part in a middleware before the cache, which leaves its result in the request.'

const keyCheck: Omit<FunctionCheck<string>, 'subject'> = {
  expected: 'a string',
  asynchronousPart: beforeTheCache,
  parse: (result) => (typeof result === 'string' ? result : undefined),
}

const booleanCheck: Omit<FunctionCheck<boolean>, 'subject'> = {
  expected: 'true or false',
  asynchronousPart: beforeTheCache,
  parse: (result) => (typeof result === 'boolean' ? result : undefined),
}

const ttlCheck: Omit<FunctionCheck<number>, 'subject'> = {
  expected: "a duration such as 5000 or '5s'",
  asynchronousPart: 'Let the handler find out, and call larder.ttl(duration).',
  parse: (result) =>
    typeof result === 'number' || typeof result === 'string' ? toMs(result as Duration, 'ttl') : undefined,
}

const tagsCheck: Omit<FunctionCheck<readonly string[]>, 'subject'> = {
  expected: 'a tag or a list of tags',
  asynchronousPart: 'Let the handler find out, and call larder.tag(...tags).',
  parse: (result) =>
    typeof result === 'string' || Array.isArray(result) ? toTagNames('tags', result as TagNames) : undefined,
}

function resolveTtl(ttl: RouteRule['ttl'], check: FunctionCheck<number>, warn: Warn): RuleFunctions['ttl'] {
  if (ttl === undefined) return undefined
  if (typeof ttl === 'function') {
    checkFunction(check, ttl)
    return (response) => callChecked(check, warn, () => ttl(response))
  }
  const ms = toMs(ttl, check.subject)
  return () => ms
}

function resolveTags(
  tags: RouteRule['tags'],
  check: FunctionCheck<readonly string[]>,
  warn: Warn,
): RuleFunctions['tags'] {
  if (typeof tags === 'function') {
    checkFunction(check, tags)
    return (request) => callChecked(check, warn, () => tags(request))
  }
  const constant = toTagNames(check.subject, tags ?? [])
  return () => constant
}

/** Tags that are invalid name nothing that is stored: without them the write still invalidates its own target. */
function resolveInvalidates(
  invalidates: RouteRule['invalidates'],
  check: FunctionCheck<readonly string[]>,
  warn: Warn,
): RuleFunctions['invalidates'] {
  if (typeof invalidates !== 'function') {
    const constant = toTagNames(check.subject, invalidates ?? [])
    return () => constant
  }
  return async (request) => callChecked(check, warn, await settle(() => invalidates(request))) ?? []
}

/** Awaits the outcome of a call. Returns a function with the same outcome, at once. */
async function settle<T>(call: () => T | PromiseLike<T>): Promise<() => T> {
  try {
    const result = await call()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
