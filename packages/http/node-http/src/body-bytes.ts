/**
 * The bytes of the chunk among the arguments of `write` and `end`: chunk, encoding and callback, each of which may be
 * missing. Undefined without a chunk, and for one that `node:http` refuses.
 */
export function toBytes([chunk, encoding]: readonly unknown[]): Uint8Array | undefined {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined)
  return chunk instanceof Uint8Array ? chunk : undefined
}

/** Calls the callback among the arguments of `write` and `end`, as for a chunk that was written. */
export function callBack(args: readonly unknown[]): void {
  const callback = args.find((argument) => typeof argument === 'function')
  if (callback !== undefined) process.nextTick(callback as () => void)
}
