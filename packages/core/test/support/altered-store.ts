import type { OpenStore, SharedTier, Store } from '../../src/contracts/store'

/** A store whose shared tiers are replaced in part. */
export function alteredStore(store: Store, alter: (tier: SharedTier) => Partial<SharedTier>): Store {
  return {
    open(context) {
      const opened = store.open(context)
      return { ...opened, shared: opened.shared.map((tier) => ({ ...tier, ...alter(tier) })) } as OpenStore
    },
  }
}
