/** Runs work outside the asynchronous context of whoever calls, where the runtime has such: in that of the moment of this call. */
export function outsideContexts(): (work: () => void) => void {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks')
  return hooks?.AsyncLocalStorage.snapshot() ?? ((work) => work())
}
