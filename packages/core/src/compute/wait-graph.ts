/** A computation that others wait for, or its flight: a node of the graph of who waits for whom in this process. */
export interface WaitNode {
  /** The flights that it has joined and waits for. Undefined until it joins one. */
  awaited: Set<WaitNode> | undefined
}

export function createWaitNode(): WaitNode {
  return { awaited: undefined }
}

/** Whether `node` waits for one of the waiters, directly or through others: if they waited for it, nobody would end. */
export function isWaitingFor(node: WaitNode, waiters: readonly WaitNode[]): boolean {
  if (waiters.length === 0) return false
  const seen = new Set([node])
  for (const current of seen) {
    if (waiters.includes(current)) return true
    for (const next of current.awaited ?? []) seen.add(next)
  }
  return false
}

/** Records that all waiters wait for `node` until `wait` settles: a computation, and those around it. */
export async function recordWait<T>(
  waiters: readonly WaitNode[],
  node: WaitNode,
  wait: Promise<T>,
): Promise<T> {
  for (const waiter of waiters) {
    waiter.awaited ??= new Set()
    waiter.awaited.add(node)
  }
  try {
    return await wait
  } finally {
    for (const { awaited } of waiters) awaited?.delete(node)
  }
}
