import { createHash } from 'node:crypto'
import type { CommandArgument, RedisClient, RedisPipeline } from '../client'

/** A Lua script and the name Redis knows it by. */
export interface Script {
  readonly text: string
  readonly sha: string
}

export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/** One run of a script. */
export interface Run {
  readonly script: Script
  readonly keys: readonly string[]
  readonly args: readonly CommandArgument[]
}

/** Runs a script: by name, and with its text where the server does not know it yet. */
export async function runScript(client: RedisClient, { script, keys, args }: Run): Promise<unknown> {
  try {
    return await client.callBuffer('evalsha', script.sha, keys.length, keys, args)
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return client.callBuffer('eval', script.text, keys.length, keys, args)
  }
}

/** Runs scripts together. Those the server did not know are run again with their text. */
export async function runScripts(
  client: RedisClient,
  runs: readonly Run[],
  pipelines: (run: Run) => RedisPipeline,
): Promise<void> {
  const used = new Set<RedisPipeline>()
  for (const run of runs) {
    const { script, keys, args } = run
    const pipeline = pipelines(run)
    pipeline.callBuffer('evalsha', script.sha, keys.length, keys, args)
    used.add(pipeline)
  }
  const results = (await Promise.all([...used].map((pipeline) => pipeline.exec()))).flatMap(
    (replies) => replies ?? [],
  )
  const failure = results.find(([error]) => error !== null)?.[0]
  if (failure === undefined || failure === null) return
  if (!isUnknownScript(failure)) throw failure
  await Promise.all(runs.map((run) => runScript(client, run)))
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
