import type { Request } from './request'
import type { Together } from './together'

/** The values of these requests by name: looked up at once, and `together` computes what is missing. */
export async function readMany(
  requests: readonly (readonly [name: string, request: Request])[],
  together: Together,
  read: (request: Request) => Promise<unknown>,
): Promise<Map<string, unknown>> {
  for (const [name] of requests) together.expect(name)
  const values = requests.map(async ([name, request]) => {
    const decided = () => together.decide(name)
    const value = read({ ...request, batch: { decided } })
    return [name, await value.finally(decided)] as const
  })
  return new Map(await Promise.all(values))
}
