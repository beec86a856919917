import { once } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

/** A command as the server saw it. */
export interface Seen {
  /** The address of a client, or `lua` for a script. */
  readonly source: string
  readonly command: string
  readonly argument: string
}

const seen = /^\+[\d.]+ \[\d+ ([^\]]*)\] "([^"]*)"(?: "([^"]*)")?/

/**
 * Hears of every command that the server is sent, until the returned function is called. The monitor of ioredis fails where the
 * server's consent and the first command arrive in one piece, as they do in a process that was kept from running.
 */
export async function monitorServer(url: string, onCommand: (command: Seen) => void): Promise<() => void> {
  const { hostname, port } = new URL(url)
  const socket = createConnection(Number(port), hostname)
  const lines = createInterface({ input: socket })
  const consented = once(lines, 'line')
  socket.write('MONITOR\r\n')
  await consented
  lines.on('line', (line) => {
    const [, source = '', command = '', argument = ''] = seen.exec(line) ?? []
    onCommand({ source, command: command.toLowerCase(), argument })
  })
  return () => socket.destroy()
}
