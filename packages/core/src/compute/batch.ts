import type { ReadOptions } from '../options'
import type { Found } from '../storage/shared-access'
import type { Tiers } from '../storage/tiers'
import type { Reader } from './reader'
import type { Request } from './request'
import type { Together } from './together'

/** What reading many values at once is made of. */
export interface BatchOptions {
  readonly tiers: Tiers
  readonly reader: Reader
}

/** Reads many keys with one look-up in the shared tiers; what is missing is computed together. */
export function createBatch({ tiers, reader }: BatchOptions) {
  /**
   * One look-up for every key that asks in the same turn: all that are not at hand, none being computed elsewhere
   * in this process.
   */
  function lookUpTogether(rules: Request['rules']): (key: string) => Promise<Found | undefined> {
    let keys: string[] = []
    let answer: Promise<Map<string, Found>> | undefined
    return async (key) => {
      keys.push(key)
      answer ??= Promise.resolve().then(() => {
        const asked = keys
        keys = []
        answer = undefined
        return tiers.fetch(asked, rules)
      })
      return (await answer).get(key)
    }
  }

  return {
    /** The values of these requests by name. `together` computes what is missing. */
    async load(
      requests: readonly (readonly [name: string, request: Request])[],
      together: Together,
      demands: ReadOptions | undefined,
    ): Promise<Map<string, unknown>> {
      const [first] = requests
      if (first === undefined) return new Map()
      const find = lookUpTogether(first[1].rules)
      for (const [name] of requests) together.expect(name)
      const values = requests.map(async ([name, request]) => {
        const decided = () => together.decide(name)
        const value = reader.read({ ...request, batch: { find: () => find(request.key), decided } }, demands)
        return [name, await value.finally(decided)] as const
      })
      return new Map(await Promise.all(values))
    },
  }
}

export type Batch = ReturnType<typeof createBatch>
