import type { ServerResponse } from 'node:http'
import type { BodyChunk } from './body-chunk'

/** Takes a chunk. Returns false if the writer should wait for `drain`, like `write` of a stream. */
type ChunkConsumer = (chunk: BodyChunk) => boolean

/** Holds the chunks of a response back until a consumer is set. */
export function createChunkQueue(res: ServerResponse) {
  const held: BodyChunk[] = []
  let consume: ChunkConsumer | undefined

  return {
    addChunk(chunk: BodyChunk): boolean {
      if (consume !== undefined) return consume(chunk)
      held.push(chunk)
      return false
    },

    /** Passes the held chunks and all further ones to `consumer`, and lets a writer that waits continue. */
    startConsuming(consumer: ChunkConsumer): void {
      consume = consumer
      const chunks = held.splice(0)
      for (const chunk of chunks) consumer(chunk)
      if (chunks.some(({ isLast }) => !isLast)) process.nextTick(() => res.emit('drain'))
    },
  }
}
