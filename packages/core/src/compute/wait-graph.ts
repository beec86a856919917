/** A computation that others wait for, or its flight: a node of the graph of who waits for whom in this process. */
export interface WaitNode {
  /** The flights that it has joined and waits for. Undefined until it joins one. */
  awaited: Set<WaitNode> | undefined
  /** Set for a place that any one of the awaited can free. */
  readonly needsOne?: true
}

export function createWaitNode(): WaitNode {
  return { awaited: undefined }
}

/** Whether `node` waits for one of the waiters, directly or through others: if they waited for it, nobody would end. */
export function isWaitingFor(node: WaitNode, waiters: readonly WaitNode[]): boolean {
  if (waiters.length === 0) return false
  const known = new Map<WaitNode, boolean>(waiters.map((waiter) => [waiter, true]))

  function isWaiting(current: WaitNode): boolean {
    const answer = known.get(current)
    if (answer !== undefined) return answer
    // A circle without the waiters, until one of its nodes is found to wait for them.
    known.set(current, false)
    const { awaited, needsOne } = current
    if (awaited === undefined || awaited.size === 0) return false
    const found = needsOne ? [...awaited].every(isWaiting) : [...awaited].some(isWaiting)
    known.set(current, found)
    return found
  }

  return isWaiting(node)
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
