import { isDeepStrictEqual, types } from 'node:util'

/** A value that the application has handed over for a key. */
interface Handed {
  readonly value: unknown
  readonly tags: readonly string[]
  /** Not after it was deleted, or one of its tags invalidated. */
  isAlive: boolean
}

/**
 * Which values a read of a key may return: those that were handed over for this key as they were then, until the key is deleted
 * or one of their tags invalidated.
 */
export function createCallModel() {
  const handed = new Map<unknown, Handed[]>()
  /** Values that their owner may change, and those that the cache shares with it, as `isolate: false` asks for. */
  const owned = new Set<unknown>()
  const shared = new Set<unknown>()
  /** Whether the call under way has a wrong argument, so that nobody knows its options. */
  let isWrong = false
  const all = () => [...handed.values()].flat()
  function endWhere(test: (one: Handed) => boolean): void {
    for (const one of all()) if (test(one)) one.isAlive = false
  }

  return {
    beginCall(hasWrongArgument: boolean): void {
      isWrong = hasWrongArgument
    },
    /** Returns the value to hand over. */
    hand(key: unknown, given: unknown, options: unknown): unknown {
      const { tags, isolate } = (options ?? {}) as { readonly tags?: unknown; readonly isolate?: unknown }
      const names = isWrong ? [] : [tags ?? []].flat().map(String)
      const value = isPlain(given) ? structuredClone(given) : given
      ;(isWrong || isolate !== undefined ? shared : owned).add(value)
      const one = { value: isPlain(value) ? structuredClone(value) : value, tags: names, isAlive: true }
      handed.set(key, [...(handed.get(key) ?? []), one])
      return value
    },
    /** A caller changes the value that it got. */
    spoilResult(value: unknown): void {
      if (!shared.has(value)) spoil(value)
    },
    /** The owners change the values that they have handed over. */
    spoilOwned(): void {
      for (const value of owned) spoil(value)
      owned.clear()
    },
    allows(key: unknown, value: unknown): boolean {
      return (handed.get(key) ?? []).some((one) => one.isAlive && isSame(one.value, value))
    },
    endKey: (key: unknown) => endWhere((one) => handed.get(key)?.includes(one) === true),
    endTags: (ended: readonly string[]) =>
      endWhere(({ tags }) =>
        ended.some((tag) => tags.some((own) => own === tag || own.startsWith(`${tag}:`))),
      ),
    endAll: () => endWhere(() => true),
  }
}

export type CallModel = ReturnType<typeof createCallModel>

/** A proxy that refuses to be compared is the same as itself alone. */
function isSame(one: unknown, other: unknown): boolean {
  try {
    return one === other || isDeepStrictEqual(one, other)
  } catch {
    return false
  }
}

/** Whether it consists of records, lists and primitives alone, so that each reader has a copy of its own. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'symbol' || typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  try {
    const prototype: unknown = Object.getPrototypeOf(value)
    const isKnown = prototype === Object.prototype || prototype === Array.prototype
    return isKnown && !types.isProxy(value) && Object.values(value).every(isPlain)
  } catch {
    return false
  }
}

/** Changes a value, as its owner may: no reader must see it. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || !isPlain(value)) return
  for (const part of Object.values(value)) spoil(part)
  if (Array.isArray(value)) value.push('spoilt')
  else Object.assign(value, { spoilt: true })
}
