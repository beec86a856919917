/** The part of a Node response that is used. */
export interface NodeResponse {
  statusCode: number
  appendHeader(name: string, value: string): unknown
  emit(event: 'drain'): unknown
}

/** The methods that send the head of a response. */
const sending = ['writeHead', 'flushHeaders', 'write', 'end'] as const

type Method = (this: unknown, ...args: unknown[]) => unknown

interface Holding {
  /** Runs before the head is sent. Resolves to a function that sends another response, if that is needed. */
  readonly beforeHead: () => Promise<(() => void) | undefined>
  /** Called if a call of the application throws, which cannot catch it any more. */
  readonly onError: (error: unknown) => void
}

/**
 * Holds a response when its head is about to be sent, calls `beforeHead`, and sends it when that has resolved. The calls of
 * the application meanwhile follow in their order.
 */
export function holdResponse(res: NodeResponse, { beforeHead, onError }: Holding): void {
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

  function hold(call: () => unknown): void {
    if (held !== undefined) return void held.push(call)
    held = [call]
    release(held).catch(onError)
  }

  for (const name of sending) {
    methods[name] = (...args) => {
      hold(() => originals[name].apply(res, args))
      // A stream waits for `drain` before it writes more.
      return name === 'write' ? false : res
    }
  }
}

function pick(methods: Record<(typeof sending)[number], Method>) {
  const { writeHead, flushHeaders, write, end } = methods
  return { writeHead, flushHeaders, write, end }
}
