import type { BodyCopy } from '../storage/body-copy'

/** Passes a body on at the reader's pace and adds each chunk to `copy`. A reader that cancels abandons the copy. */
export function copyStream(body: ReadableStream<Uint8Array>, copy: BodyCopy): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          return copy.complete()
        }
        copy.addChunk(value)
        controller.enqueue(value)
      } catch (error) {
        copy.abandon()
        controller.error(error)
      }
    },
    cancel(reason) {
      copy.abandon()
      return reader.cancel(reason)
    },
  })
}

/** Reads a body to its end and ignores it. Errors are left to the copy, which is then abandoned. */
export async function drainStream(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader()
  try {
    while (!(await reader.read()).done);
  } catch {
    // The copy has been abandoned.
  }
}
