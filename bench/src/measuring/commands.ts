import { Redis } from 'ioredis'

/** Watches a participant's server over connections of its own. */
export interface ServerWatch {
  /** Commands that clients send while `work` runs; not those that scripts call. */
  commands(work: () => Promise<unknown>): Promise<number>
  /** Bytes that the server's data takes. */
  bytes(): Promise<number>
  close(): void
}

const marker = 'counted'

export function watchServer(url: string): ServerWatch {
  const client = new Redis(url)
  return {
    async commands(work) {
      const monitor = await client.monitor()
      let sent = 0
      const finished = new Promise<void>((resolve) => {
        monitor.on('monitor', (_time: string, [command, argument]: string[], source: string) => {
          if (argument === marker && command?.toLowerCase() === 'echo') resolve()
          else if (source !== 'lua') sent += 1
        })
      })
      try {
        await work()
        await client.echo(marker)
        await finished
      } finally {
        monitor.disconnect()
      }
      return sent
    },
    async bytes() {
      const info = await client.info('memory')
      return Number(/^used_memory:(\d+)/m.exec(info)?.[1])
    },
    close: () => client.disconnect(),
  }
}
