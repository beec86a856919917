import type { ServiceReport, ServiceServer } from '@larder/core'
import { noteOnMissingService, serviceNamesOf, servicePatternOf } from '@larder/redis/kit'

const sampledKeys = 10_000

/** Counts the identities of each policy, in a sample of the keys; those of one identity if it is given. */
export async function inspectCounts(
  server: ServiceServer,
  identity: string | undefined,
): Promise<ServiceReport> {
  const { prefix, name } = server
  const pattern =
    identity === undefined
      ? servicePatternOf(prefix, 'limit', name)
      : `${serviceNamesOf(prefix, 'limit', name).keyOf(identity)}:*`
  const counts = new Map<string, number>()
  for (const key of await server.findKeys(pattern, sampledKeys)) {
    const policy = key.slice(key.indexOf('}:') + 2)
    counts.set(policy, (counts.get(policy) ?? 0) + 1)
  }
  const policies = [...counts].sort().map(([id, identities]) => ({ ...parsePolicy(id), identities }))
  return {
    data: { policies },
    table: [
      ['policy', 'algorithm', 'window', 'identities'],
      ...policies.map(({ policy, algorithm, window, identities }) => [
        policy,
        algorithm,
        window,
        String(identities),
      ]),
    ],
    note:
      identity !== undefined || policies.length > 0
        ? undefined
        : await noteOnMissingService(server, 'limit', 'limits'),
  }
}

/** The end of a key is `POLICY:ALGORITHM:WINDOW`, with the window in µs, or `block`. */
function parsePolicy(id: string) {
  const [policy = '', algorithm = '-', window] = id.split(':')
  return { policy, algorithm, window: window === undefined ? '-' : `${Number(window) / 1_000} ms` }
}
