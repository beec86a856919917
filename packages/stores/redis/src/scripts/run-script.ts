import type { RedisClient, RedisPipeline } from '../client'
import { sendPipelined } from '../send-pipelined'
import type { ScriptCall } from './define-script'

/** Runs a script by its digest, and with its text if the server does not have it cached. */
export function runScript(client: RedisClient, { text, sha, keys, args }: ScriptCall): Promise<unknown> {
  return client.callBuffer('evalsha', sha, keys.length, keys, args).catch((error: unknown) => {
    if (!isUnknownScript(error)) throw error
    return client.callBuffer('eval', text, keys.length, keys, args)
  })
}

/**
 * Runs scripts in pipelines. Those that a server does not have cached are run again, one by one: the others ran already.
 * Resolves to a reply for each call.
 */
export async function runScripts(
  client: RedisClient,
  calls: readonly ScriptCall[],
  pipelineOf: (call: ScriptCall) => RedisPipeline,
): Promise<unknown[]> {
  const results = await sendPipelined(calls, pipelineOf, (pipeline, { sha, keys, args }) =>
    pipeline.callBuffer('evalsha', sha, keys.length, keys, args),
  )
  const failure = results.find(([error]) => error !== null && !isUnknownScript(error))?.[0]
  if (failure) throw failure
  return Promise.all(
    calls.map((call, index) => {
      const [error, reply] = results[index] ?? [null, undefined]
      return error === null ? reply : runScript(client, call)
    }),
  )
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
