import type { ReadOptions } from '../options'
import type { Reader } from './reader'
import type { Request } from './request'
import type { Together } from './together'

/** The values of these requests by name: looked up at once, and `together` computes what is missing. */
export async function readMany(
  reader: Reader,
  requests: readonly (readonly [name: string, request: Request])[],
  together: Together,
  demands: ReadOptions | undefined,
): Promise<Map<string, unknown>> {
  for (const [name] of requests) together.expect(name)
  const values = requests.map(async ([name, request]) => {
    const decided = () => together.decide(name)
    const value = reader.read({ ...request, batch: { decided } }, demands)
    return [name, await value.finally(decided)] as const
  })
  return new Map(await Promise.all(values))
}
