import { type BodyCopy, createBodyCopy } from '../storage/body-copy'

/** How a copied stream ended. */
interface CopyEvents {
  /** The reader has received everything. */
  onEnd(copy: BodyCopy): void
  /** The reader cancelled, or the source failed. */
  onCut(): void
}

/** Passes a body on at the reader's pace, and copies up to `limit` bytes of it. */
export function copyStream(
  body: ReadableStream<Uint8Array>,
  limit: number,
  { onEnd, onCut }: CopyEvents,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const copy = createBodyCopy(limit)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) {
          copy.addChunk(value)
          controller.enqueue(value)
          return
        }
        controller.close()
        onEnd(copy)
      } catch (error) {
        onCut()
        controller.error(error)
      }
    },
    cancel(reason) {
      onCut()
      return reader.cancel(reason)
    },
  })
}

/** Reads a body to its end and ignores it, and any error. */
export async function drainStream(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (body === null) return
  const reader = body.getReader()
  try {
    while (!(await reader.read()).done);
  } catch {
    // The body was cut off: its copy has been abandoned.
  }
}
