/** What a budget is made of. */
export interface BudgetOptions {
  readonly maxKeys: number
  readonly maxVariants: number
}

interface Spent {
  readonly until: number
  readonly primary: string
}

/**
 * Bounds how many responses a route keeps, so that requests with made-up queries or headers can fill neither the store
 * nor one resource's variants. Counts what this process has stored and what is not over yet.
 */
export function createKeyBudget({ maxKeys, maxVariants }: BudgetOptions) {
  const routes = new Map<string, Map<string, Spent>>()
  const variants = new Map<string, number>()

  function release(spent: Map<string, Spent>, key: string, { primary }: Spent): void {
    spent.delete(key)
    const left = (variants.get(primary) ?? 1) - 1
    if (left === 0) variants.delete(primary)
    else variants.set(primary, left)
  }

  /** Keys come in the order in which they were stored: nearly that in which they end. */
  function releasePast(spent: Map<string, Spent>, now: number): void {
    for (const [key, entry] of spent) {
      if (entry.until > now) return
      release(spent, key, entry)
    }
  }

  return {
    /** Whether one more response may be stored under this key until then. */
    spend(route: string, primary: string, key: string, until: number, now: number): boolean {
      const spent = routes.get(route) ?? new Map<string, Spent>()
      routes.set(route, spent)
      releasePast(spent, now)
      const known = spent.get(key)
      if (known !== undefined) release(spent, key, known)
      if (spent.size >= maxKeys || (variants.get(primary) ?? 0) >= maxVariants) return false
      spent.set(key, { until, primary })
      variants.set(primary, (variants.get(primary) ?? 0) + 1)
      return true
    },
  }
}

export type KeyBudget = ReturnType<typeof createKeyBudget>
