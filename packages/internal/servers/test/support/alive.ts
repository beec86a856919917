import { existsSync, readFileSync } from 'node:fs'
import type { RedisServer } from '../../src/index'

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

/** An orphan that was killed keeps its id until the first process of the system takes notice, if it ever does. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && / Z /.test(readFileSync(file, 'utf8'))
}

/** What servers have on the machine now: returns how much of it is still there when asked later. */
export async function tracesOf(servers: readonly RedisServer[]): Promise<() => readonly string[]> {
  const pids = servers.map(({ pid }) => pid)
  const folders = await Promise.all(servers.map(folderOf))
  return () => [
    ...pids.filter(isAlive).map((pid) => `process ${pid}`),
    ...folders.filter((path) => existsSync(path)),
  ]
}

async function folderOf(server: RedisServer): Promise<string> {
  return (await server.command('CONFIG', 'GET', 'dir')).split('\n')[1]!.trim()
}
