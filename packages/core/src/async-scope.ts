/** The part of `AsyncLocalStorage` that the cache uses, so that a runtime without it can have a stand-in. */
interface AsyncScope<T> {
  getStore(): T | undefined
  run<R>(store: T | undefined, work: () => R): R
  /** Stops tracking. Until then, Node before 24 follows the scope through every promise of the process. */
  disable(): void
}

/** A value that follows asynchronous calls. A runtime without `node:async_hooks` gets a scope that never has a value. */
export function createAsyncScope<T>(): AsyncScope<T> {
  const hooks = loadAsyncHooks()
  if (hooks !== undefined) return new hooks.AsyncLocalStorage<T | undefined>()
  return { getStore: () => undefined, run: (_, work) => work(), disable: () => undefined }
}

/** Returns a runner bound to the async context of this call, so that a shared timer does not leak the context of one caller. */
export function captureAsyncScope(): (work: () => void) => void {
  return loadAsyncHooks()?.AsyncLocalStorage.snapshot() ?? ((work) => work())
}

function loadAsyncHooks(): typeof import('node:async_hooks') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:async_hooks')
}
