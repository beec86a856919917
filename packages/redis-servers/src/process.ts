import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const running = new Set<ChildProcess>()
const folders = new Set<string>()

// Whatever way this process ends, it leaves no server and no folder behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Starts a server that ends with this process at the latest. */
export function startProcess(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' })
  running.add(child)
  child.once('exit', () => running.delete(child))
  child.unref()
  return child
}

/** Ends a server by its own pid, also one that was stopped. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** A folder of its own for a server's files. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'larder-redis-'))
  folders.add(path)
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true })
      folders.delete(path)
    },
  }
}

/** A port that is free on the loopback. A node of a Cluster needs the one 10 000 above it as well. */
export async function freePort(isClusterNode = false): Promise<number> {
  for (;;) {
    const port = await askForPort(0)
    if (!isClusterNode) return port
    if (port + 10_000 < 65_536 && (await askForPort(port + 10_000).catch(() => 0)) > 0) return port
  }
}

async function askForPort(wanted: number): Promise<number> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error)),
  ])
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
