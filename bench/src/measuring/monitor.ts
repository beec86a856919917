import { once } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

/** A command that the server received. */
interface MonitoredCommand {
  /** The address of a client, or `lua` for a script. */
  readonly source: string
  readonly command: string
  readonly argument: string
}

const monitorLine = /^\+[\d.]+ \[\d+ ([^\]]*)\] "([^"]*)"(?: "([^"]*)")?/

/**
 * Reports every command that the server receives, until the returned function is called. The monitor of ioredis fails if the
 * server's OK and the first command arrive in one chunk, as they do in a process that was delayed on a busy machine.
 */
export async function monitorServer(
  url: string,
  onCommand: (command: MonitoredCommand) => void,
): Promise<() => void> {
  const { hostname, port } = new URL(url)
  const socket = createConnection(Number(port), hostname)
  const lines = createInterface({ input: socket })
  const confirmed = once(lines, 'line')
  socket.write('MONITOR\r\n')
  await confirmed
  lines.on('line', (line) => {
    const [, source = '', command = '', argument = ''] = monitorLine.exec(line) ?? []
    onCommand({ source, command: command.toLowerCase(), argument })
  })
  return () => socket.destroy()
}
