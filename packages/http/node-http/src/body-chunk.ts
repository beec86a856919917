type Callback = (error?: Error | null) => void

/** One call of `write` or `end`. */
export interface BodyChunk {
  readonly bytes: Buffer | undefined
  /** From `end`. */
  readonly isLast: boolean
  /** Called when the chunk has been written. */
  readonly callback: Callback | undefined
}

/** Parses the arguments of `write` and `end`: chunk, encoding and callback, each of which may be missing. */
export function parseChunk(args: readonly unknown[], isLast: boolean): BodyChunk {
  const callback = args.find((argument) => typeof argument === 'function') as Callback | undefined
  const [chunk, encoding] = args.filter((argument) => argument !== callback)
  return { bytes: toBytes(chunk, encoding), isLast, callback }
}

function toBytes(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (chunk === undefined || chunk === null) return undefined
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding as BufferEncoding | undefined)
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  throw new TypeError(`A chunk of a body must be a string, a Buffer or a Uint8Array; got ${typeof chunk}.`)
}
