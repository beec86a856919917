import { type HeadFields, takeHeadFields } from './head-fields'

/** The part of a Node response that is used. */
export interface NodeResponse extends HeadFields {
  statusCode: number
}

/** The methods that send the head of a response. */
const sending = ['writeHead', 'flushHeaders', 'write', 'end'] as const

type SendingName = (typeof sending)[number]
type Method = (this: unknown, ...args: unknown[]) => unknown

interface Holding {
  /** Runs before the head is sent. Resolves to a function that sends another response, if that is needed. */
  readonly beforeHead: () => Promise<(() => void) | undefined>
  /** Called if a call of the application throws, which cannot catch it any more. */
  readonly onError: (error: unknown) => void
}

/**
 * The bytes that are held before a source has to wait. Any stream that gets more at once asks for a pause and tells when it is
 * over, so the source of a held response goes on then, whatever middleware stands between them.
 */
const mostHeld = 1_048_576

/**
 * Holds a response when its head is about to be sent, calls `beforeHead`, and sends it when that has resolved. The calls of
 * the application meanwhile follow in their order; after another response they do nothing. The methods stay in their place:
 * middleware that came later calls them whenever it likes.
 */
export function holdResponse(res: NodeResponse, { beforeHead, onError }: Holding): void {
  const methods = res as unknown as Record<SendingName, Method>
  const originals = pick(methods)
  const held: { readonly name: SendingName; readonly args: readonly unknown[] }[] = []
  let heldBytes = 0
  let state: 'open' | 'held' | 'sent' | 'replaced' = 'open'

  async function release(): Promise<void> {
    const sendOther = await beforeHead()
    state = 'sent'
    if (sendOther === undefined)
      return held.forEach(({ name, args }) => void originals[name].apply(res, [...args]))
    sendOther()
    state = 'replaced'
  }

  function hold(name: SendingName, args: readonly unknown[]): void {
    held.push({ name, args: name === 'writeHead' ? takeHeadFields(res, args) : args })
    if (name === 'write') heldBytes += sizeOf(args[0])
    if (state === 'held') return
    state = 'held'
    release().catch((error) => {
      state = 'sent'
      onError(error)
    })
  }

  /** Node writes the head by itself before a body, as long as it knows of none. */
  function isRepeatedHead(name: SendingName, args: readonly unknown[]): boolean {
    return name === 'writeHead' && state === 'held' && args.length === 1 && args[0] === res.statusCode
  }

  answerMeanwhile(res, {
    headersSent: () => state === 'held',
    writableEnded: () => state === 'held' && held.some(({ name }) => name === 'end'),
  })
  for (const name of sending) {
    methods[name] = (...args) => {
      if (state === 'sent') return originals[name].apply(res, args)
      if (state !== 'replaced' && !isRepeatedHead(name, args)) hold(name, args)
      return name === 'write' ? heldBytes < mostHeld : res
    }
  }
}

/** Lets properties be true as long as Node does not know yet what the application has done: it may ask before it does more. */
function answerMeanwhile(res: NodeResponse, answers: Readonly<Record<string, () => boolean>>): void {
  for (const [name, isTrue] of Object.entries(answers)) {
    const ofNode = () => Reflect.get(Object.getPrototypeOf(res), name, res)
    // Somebody else may hold the response as well.
    const ofOthers = Object.getOwnPropertyDescriptor(res, name)?.get ?? ofNode
    Object.defineProperty(res, name, { configurable: true, get: () => isTrue() || ofOthers() })
  }
}

function pick({ writeHead, flushHeaders, write, end }: Record<SendingName, Method>) {
  return { writeHead, flushHeaders, write, end }
}

function sizeOf(chunk: unknown): number {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk.length : 0
}
