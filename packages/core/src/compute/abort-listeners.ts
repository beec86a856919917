/** The calls that wait for the abort of a signal. */
const listenersBySignal = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` when the signal is aborted. However many calls wait for one signal, it gets a single event listener: Node
 * takes more than ten for a memory leak. Returns a function that removes the listener.
 */
export function onceAborted(signal: AbortSignal, listener: () => void): () => void {
  const known = listenersBySignal.get(signal)
  const listeners = known ?? new Set()
  listeners.add(listener)
  if (known === undefined) {
    listenersBySignal.set(signal, listeners)
    signal.addEventListener('abort', callListeners, { once: true })
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || listenersBySignal.get(signal) !== listeners) return
    listenersBySignal.delete(signal)
    signal.removeEventListener('abort', callListeners)
  }
}

function callListeners(this: AbortSignal): void {
  const listeners = listenersBySignal.get(this)
  listenersBySignal.delete(this)
  for (const listener of listeners ?? []) listener()
}
