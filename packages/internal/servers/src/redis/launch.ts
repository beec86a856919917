import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { endProcess, hasEnded, startProcess } from '../processes/process'
import type { TemporaryFolder } from '../processes/temporary-folder'
import { until } from '../until'

/** The server program of the tests; `test:long` runs them with servers of other versions too. */
const redisServer = process.env.LARDER_REDIS_SERVER ?? 'redis-server'

/** The settings that a server is started with, the first time and after each restart. */
export interface Launch {
  readonly folder: TemporaryFolder
  readonly args: readonly string[]
  readonly command: (...words: string[]) => Promise<string>
}

/**
 * Starts redis-server; resolves when it replies to commands.
 * @throws with the server's output, if it exits instead.
 */
export async function launchServer({ folder, args, command }: Launch): Promise<ChildProcess> {
  const log = folder.file('redis.log')
  const child = startProcess(redisServer, args, log)
  // Not PING: a different server on the same port would reply to that too.
  const answersItself = async () => (await command('INFO', 'server')).includes(`process_id:${child.pid}\r`)
  try {
    await until('redis-server replies', async () => hasEnded(child) || (await answersItself()))
  } catch (error) {
    await endProcess(child)
    throw error
  }
  if (hasEnded(child)) throw new Error(`redis-server exited during its start:\n${lastLines(log)}`)
  return child
}

/** Whether a launch failed because another process had taken the port. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Address already in use')
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join('\n')
}
