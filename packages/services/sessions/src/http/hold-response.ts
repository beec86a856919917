/** The part of a Node response that is used. */
export interface NodeResponse {
  statusCode: number
  appendHeader(name: string, value: string): unknown
  emit(event: 'drain'): unknown
}

/** The methods that send the head of a response. */
const sending = ['writeHead', 'flushHeaders', 'write', 'end'] as const

type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * Holds a response when its head is about to be sent, calls `beforeHead`, and sends it when that has resolved. The calls of
 * the application meanwhile follow in their order, unless `beforeHead` resolves to a function, which sends another response.
 */
export function holdResponse(res: NodeResponse, beforeHead: () => Promise<(() => void) | undefined>): void {
  const methods = res as unknown as Record<(typeof sending)[number], Method>
  const originals = { ...pick(methods) }
  let held: (() => unknown)[] | undefined

  async function release(calls: readonly (() => unknown)[]): Promise<void> {
    const sendOther = await beforeHead()
    Object.assign(methods, originals)
    if (sendOther !== undefined) return sendOther()
    for (const call of calls) call()
    res.emit('drain')
  }

  for (const name of sending) {
    methods[name] = (...args) => {
      const isFirst = held === undefined
      held ??= []
      held.push(() => originals[name].apply(res, args))
      if (isFirst) void release(held)
      // A stream waits for `drain` before it writes more.
      return name === 'write' ? false : res
    }
  }
}

function pick(methods: Record<(typeof sending)[number], Method>) {
  const { writeHead, flushHeaders, write, end } = methods
  return { writeHead, flushHeaders, write, end }
}
