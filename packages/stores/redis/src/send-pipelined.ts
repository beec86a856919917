import type { RedisPipeline } from './client'

/** Its reply, or the error that the server replied with. */
export type PipelineResult = readonly [error: Error | null, reply: unknown]

/**
 * Sends one command for each item, in one round trip per pipeline. `addCommand` adds the command of an item to the pipeline
 * that `pipelineOf` returns for it. Resolves to a result for each item, in the order of the items.
 */
export async function sendPipelined<Item>(
  items: readonly Item[],
  pipelineOf: (item: Item) => RedisPipeline,
  addCommand: (pipeline: RedisPipeline, item: Item) => void,
): Promise<PipelineResult[]> {
  const indexesByPipeline = new Map<RedisPipeline, number[]>()
  items.forEach((item, index) => {
    const pipeline = pipelineOf(item)
    addCommand(pipeline, item)
    const indexes = indexesByPipeline.get(pipeline) ?? []
    indexes.push(index)
    indexesByPipeline.set(pipeline, indexes)
  })
  const results: PipelineResult[] = items.map(() => [null, undefined])
  await Promise.all(
    [...indexesByPipeline].map(async ([pipeline, indexes]) => {
      const replies = (await pipeline.exec()) ?? []
      replies.forEach((result, reply) => {
        results[indexes[reply] ?? 0] = result
      })
    }),
  )
  return results
}
