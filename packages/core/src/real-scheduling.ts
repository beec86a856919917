/**
 * The schedulers of the runtime, as they were before a test replaced them by fake timers: a pause of the cache takes no time,
 * so a clock that stands still must not hold it up. Node's own modules keep them even if fakes are in place when this module
 * is loaded.
 */
const getBuiltin = globalThis.process?.getBuiltinModule

const nextTick = getBuiltin?.('node:process').nextTick ?? globalThis.process?.nextTick
const setImmediate = getBuiltin?.('node:timers').setImmediate ?? globalThis.setImmediate
const { setTimeout } = globalThis

const resolved = Promise.resolve()

/** Runs the task after the promise jobs that wait already. */
export function runAsPromiseJob(task: () => void): void {
  void resolved.then(task)
}

/** Runs the task after the promise jobs of this tick, which may add more of them. */
export function runAfterTick(task: () => void): void {
  void resolved.then(nextTick === undefined ? task : () => nextTick(task))
}

/** Resolves after other work of the event loop has had its turn: timers, and answers that have arrived. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
