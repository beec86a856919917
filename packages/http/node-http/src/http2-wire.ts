import type { OutgoingHttpHeaders } from 'node:http'
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2'
import { type Fields, isAppended } from '@larder/http'
import { appendLine, parseFields } from './head-fields'
import type { OnHead, Wire } from './wire'

type Respond = ServerHttp2Stream['respond']

/** Every response of HTTP/2 begins with a call of its stream's `respond`. */
export function openHttp2Wire({ stream }: Http2ServerResponse, onHead: OnHead): Wire {
  const original: Respond = stream.respond
  const wasOwn = Object.hasOwn(stream, 'respond')
  let isHeld = false
  let release: () => void = () => undefined

  function close(): void {
    if (stream.respond !== respond) return
    if (wasOwn) stream.respond = original
    else Reflect.deleteProperty(stream, 'respond')
  }

  const respond: Respond = (headers, options) => {
    close()
    const record: OutgoingHttpHeaders = { ...headers }
    const fields = parseFields(record).filter(([name]) => !name.startsWith(':'))
    addFields(record, onHead(Number(record[':status'] ?? 200), fields))
    const send = () => original.call(stream, record, options)
    if (isHeld) release = holdStream(stream, send)
    else send()
  }

  stream.respond = respond
  return {
    isObservable: true,
    charset: 'latin1',
    close,
    hold() {
      isHeld = true
      return () => {
        isHeld = false
        release()
      }
    },
  }
}

function addFields(record: OutgoingHttpHeaders, added: Fields): void {
  for (const [name, value] of added) {
    const known = isAppended(name) ? record[name] : undefined
    record[name] = known === undefined ? value : appendLine(known, value)
  }
}

/** The stream seems to have responded, and queues what is written. Returns a function that sends all of it. */
function holdStream(stream: ServerHttp2Stream, respond: () => void): () => void {
  const calls: (() => void)[] = []
  let size = 0
  const isFull = () => size >= stream.writableHighWaterMark
  Object.defineProperty(stream, 'headersSent', { configurable: true, get: () => true })
  Object.assign(stream, {
    write(chunk: string | Uint8Array, ...rest: never[]) {
      calls.push(() => stream.write(chunk, ...rest))
      size += chunk.length
      return !isFull()
    },
    end(...args: never[]) {
      calls.push(() => stream.end(...args))
      return stream
    },
  })
  return () => {
    for (const name of ['headersSent', 'write', 'end']) Reflect.deleteProperty(stream, name)
    if (stream.destroyed || stream.closed) return
    respond()
    for (const call of calls) call()
    // `write` has returned false, so its caller waits for this event. The stream emits it for its own buffer only.
    if (isFull() && !stream.writableNeedDrain) stream.emit('drain')
  }
}
