import type { ServerResponse } from 'node:http'
import type { FieldRecord, Fields, OriginResponse } from '@larder/http'
import { type BodyCopy, createBodyCopy } from './body-copy'
import { fieldsOf, resetFields, setFields } from './message-fields'

type Callback = (error?: Error | null) => void

/** What a handler writes: a piece of the body, or the last. */
interface Piece {
  readonly bytes: Buffer | undefined
  readonly isLast: boolean
  readonly done: Callback | undefined
}

/** A response whose handler believes to be answering. */
export interface HeldResponse {
  /** Resolves when the handler has said status and fields. */
  readonly head: Promise<OriginResponse>
  /** Answers in the handler's stead. */
  answer(status: number, fields: FieldRecord, body: Uint8Array | undefined): void
  /** Gives the response back as it was, for somebody else to answer. */
  giveUp(): void
}

/**
 * Stands between a handler and its response until the cache has decided: from the moment the handler says its status and
 * fields, what it writes is held back; then it goes out as if nothing had happened, or nowhere.
 */
export function holdResponse(res: ServerResponse): HeldResponse {
  const own = { writeHead: res.writeHead, write: res.write, end: res.end, flushHeaders: res.flushHeaders }
  const before = res.getHeaders()
  const held: Piece[] = []
  let send: ((piece: Piece) => boolean) | undefined
  let hasSpoken = false
  let release = () => undefined as unknown
  let copy: BodyCopy | undefined
  let speak: (response: OriginResponse) => void = () => undefined
  const head = new Promise<OriginResponse>((resolve) => {
    speak = resolve
  })

  /** The handler has said how it answers; `whenReleased` does what it asked for besides. */
  function commit(whenReleased: () => unknown): void {
    if (hasSpoken) return
    hasSpoken = true
    release = whenReleased
    Object.defineProperty(res, 'headersSent', { configurable: true, get: () => true })
    speak({ status: res.statusCode, fields: fieldsOf(res), keep, pass, drop })
  }

  function take(piece: Piece): boolean {
    commit(() => undefined)
    if (send !== undefined) return send(piece)
    held.push(piece)
    return false
  }

  function sendOn({ bytes, isLast, done }: Piece): boolean {
    if (bytes !== undefined) copy?.add(bytes)
    if (!isLast) return own.write.call(res, bytes, 'utf8', done)
    copy?.finish()
    own.end.call(res, bytes, 'utf8', done)
    return true
  }

  function throwAway({ bytes, isLast, done }: Piece): boolean {
    if (bytes !== undefined) copy?.add(bytes)
    if (isLast) copy?.finish()
    if (done !== undefined) process.nextTick(done)
    return true
  }

  function proceed(how: (piece: Piece) => boolean): void {
    send = how
    const pieces = held.splice(0)
    for (const piece of pieces) how(piece)
    if (pieces.some(({ isLast }) => !isLast)) process.nextTick(() => res.emit('drain'))
  }

  function keep(limit: number): Promise<Buffer | undefined> {
    copy = createBodyCopy(limit)
    // A response that is torn down has no whole body.
    res.once('close', copy.abandon)
    return copy.whole
  }

  function pass(changes: Fields): void {
    Reflect.deleteProperty(res, 'headersSent')
    Object.assign(res, copy === undefined ? own : { ...own, write: res.write, end: res.end })
    for (const [name, value] of changes) res.setHeader(name, value)
    release()
    proceed(sendOn)
  }

  function drop(): void {
    proceed(throwAway)
  }

  Object.assign(res, {
    writeHead(status: number, ...rest: unknown[]) {
      if (hasSpoken) return res
      const reason = typeof rest[0] === 'string' ? (rest.shift() as string) : undefined
      res.statusCode = status
      if (reason !== undefined) res.statusMessage = reason
      setFields(
        res,
        rest.find((part) => part !== undefined),
      )
      commit(() => own.writeHead.call(res, res.statusCode))
      return res
    },
    flushHeaders: () => commit(() => own.flushHeaders.call(res)),
    write: (...args: unknown[]) => take(pieceOf(args, false)),
    end(...args: unknown[]) {
      take(pieceOf(args, true))
      return res
    },
  })

  function reset(): void {
    Reflect.deleteProperty(res, 'headersSent')
    if (hasSpoken) resetFields(res, before)
    res.statusMessage = ''
  }

  return {
    head,
    giveUp() {
      reset()
      Object.assign(res, own)
    },
    answer(status, fields, body) {
      reset()
      own.writeHead.call(res, status, fields)
      own.end.call(res, body, 'utf8', undefined)
    },
  }
}

/** The arguments of `write` and `end`: a chunk, its encoding, and a callback, each of which may be missing. */
function pieceOf(args: readonly unknown[], isLast: boolean): Piece {
  const done = args.find((argument) => typeof argument === 'function') as Callback | undefined
  const [chunk, encoding] = args.filter((argument) => argument !== done)
  return { bytes: bytesOf(chunk, encoding), isLast, done }
}

function bytesOf(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (chunk === undefined || chunk === null) return undefined
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding as BufferEncoding | undefined)
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  throw new TypeError(`A body is made of strings, Buffers and Uint8Arrays, not of ${typeof chunk}.`)
}
