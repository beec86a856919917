import type { RedisClient, RedisPipeline } from '../client'
import type { ScriptCall } from './define-script'

/** Runs a script by its digest, and with its text if the server does not have it cached. */
export async function runScript(
  client: RedisClient,
  { text, sha, keys, args }: ScriptCall,
): Promise<unknown> {
  try {
    return await client.callBuffer('evalsha', sha, keys.length, keys, args)
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return client.callBuffer('eval', text, keys.length, keys, args)
  }
}

/** Runs scripts in pipelines. If a server does not have one cached, all of them are run again, one by one. */
export async function runScripts(
  client: RedisClient,
  calls: readonly ScriptCall[],
  pipelineOf: (call: ScriptCall) => RedisPipeline,
): Promise<void> {
  const pipelines = new Set<RedisPipeline>()
  for (const call of calls) {
    const pipeline = pipelineOf(call)
    pipeline.callBuffer('evalsha', call.sha, call.keys.length, call.keys, call.args)
    pipelines.add(pipeline)
  }
  const results = (await Promise.all([...pipelines].map((pipeline) => pipeline.exec()))).flatMap(
    (replies) => replies ?? [],
  )
  const failure = results.find(([error]) => error !== null)?.[0]
  if (failure === undefined || failure === null) return
  if (!isUnknownScript(failure)) throw failure
  await Promise.all(calls.map((call) => runScript(client, call)))
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
