import type { ReadRequest } from './read-request'
import type { BatchLoader } from './batch-loader'

/** The values of these requests by name: looked up at once, and `together` computes what is missing. */
export async function readMany(
  requests: readonly (readonly [name: string, request: ReadRequest])[],
  together: BatchLoader,
  read: (request: ReadRequest) => Promise<unknown>,
): Promise<Map<string, unknown>> {
  for (const [name] of requests) together.expect(name)
  const values = requests.map(async ([name, request]) => {
    const decided = () => together.decide(name)
    const value = read({ ...request, batch: { decided } })
    return [name, await value.finally(decided)] as const
  })
  return new Map(await Promise.all(values))
}
