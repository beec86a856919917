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

/** A killed orphan stays a zombie until the init process reaps it, which may never happen in a container. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && / Z /.test(readFileSync(file, 'utf8'))
}

/** Records the processes and folders of servers; the returned function lists those that still exist. */
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
