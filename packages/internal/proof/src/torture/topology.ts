/** The address of Redis, as a client needs it. */
export type Address =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Host[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly Host[] }

interface Host {
  readonly host: string
  readonly port: number
}

/** A fault that can be injected. */
export interface Fault {
  readonly name: string
  inject(): unknown
  /** Heals the fault; resolves when all servers work again. */
  heal(): unknown
}

/** Running servers, and the faults that can be injected into them. */
export interface Topology extends AsyncDisposable {
  readonly address: Address
  readonly faults: readonly Fault[]
}
