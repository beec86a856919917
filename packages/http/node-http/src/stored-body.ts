const buffers = new WeakMap<Uint8Array, Buffer>()

/** A stored body as a `Buffer` over the same bytes: `node:http` makes one of any other array for each response. */
export function toBuffer(body: Uint8Array): Buffer {
  const known = buffers.get(body)
  if (known !== undefined) return known
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  buffers.set(body, buffer)
  return buffer
}
