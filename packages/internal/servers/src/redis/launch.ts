import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { endProcess, hasEnded, startProcess } from '../processes/process'
import type { TemporaryFolder } from '../processes/temporary-folder'
import { until } from '../until'

/** The server that the tests start; `test:long` runs them with servers of other versions too. */
const redisServer = process.env.LARDER_REDIS_SERVER ?? 'redis-server'

/** What a server is started with, the first time and after each end. */
export interface Launch {
  readonly folder: TemporaryFolder
  readonly args: readonly string[]
  readonly command: (...words: string[]) => Promise<string>
}

/**
 * Starts redis-server; resolves when it answers.
 * @throws what the server printed, if it ended instead.
 */
export async function launch({ folder, args, command }: Launch): Promise<ChildProcess> {
  const log = folder.file('redis.log')
  const child = startProcess(redisServer, args, log)
  // Not a PING: another server that holds the port would answer that just as well.
  const isItself = async () => (await command('INFO', 'server')).includes(`process_id:${child.pid}\r`)
  try {
    await until('redis-server answers', async () => hasEnded(child) || (await isItself()))
  } catch (error) {
    await endProcess(child)
    throw error
  }
  if (hasEnded(child)) throw new Error(`redis-server ended at its start:\n${lastLines(log)}`)
  return child
}

/** Whether a launch failed only because another process was faster to take the port. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Address already in use')
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join('\n')
}
