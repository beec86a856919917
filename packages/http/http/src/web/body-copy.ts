/** A body on its way to its reader, and a copy of it. */
export interface BodyCopy {
  /** Read at the reader's speed, and as far as the reader wants. */
  readonly stream: ReadableStream<Uint8Array> | null
  /** All of it; undefined if it was cut off, left off, or is larger than the limit. */
  readonly whole: Promise<Uint8Array | undefined>
}

/** Copies a body of up to `limit` bytes while it is read. */
export function copyBody(body: ReadableStream<Uint8Array> | null, limit: number): BodyCopy {
  if (body === null) return { stream: null, whole: Promise.resolve(new Uint8Array()) }
  const reader = body.getReader()
  let chunks: Uint8Array[] = []
  let size = 0
  let finish: (whole: Uint8Array | undefined) => void = () => undefined
  const whole = new Promise<Uint8Array | undefined>((resolve) => {
    finish = resolve
  })

  function abandon(): void {
    chunks = []
    finish(undefined)
  }

  function add(chunk: Uint8Array): void {
    size += chunk.length
    if (size > limit) abandon()
    // Whoever made it may use its buffer again.
    else chunks.push(chunk.slice())
  }

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          return finish(size > limit ? undefined : joined(chunks, size))
        }
        add(value)
        controller.enqueue(value)
      } catch (error) {
        abandon()
        controller.error(error)
      }
    },
    cancel(reason) {
      abandon()
      return reader.cancel(reason)
    },
  })
  return { stream, whole }
}

/** Reads a body that nobody else reads. */
export async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  const reader = body?.getReader()
  try {
    while (reader !== undefined && !(await reader.read()).done);
  } catch {
    // Whoever copies the body has noticed.
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
