import { Redis } from 'ioredis'
import { monitorServer } from './monitor'

/** Observes a participant's Redis server over separate connections. */
export interface ServerWatch {
  /** Counts the commands that clients send while `work` runs, without those called by scripts. */
  commands(work: () => Promise<unknown>): Promise<number>
  /** The server's `used_memory`, in bytes. */
  bytes(): Promise<number>
  close(): void
}

const marker = 'counted'

export function watchServer(url: string): ServerWatch {
  const client = new Redis(url)
  return {
    async commands(work) {
      let sent = 0
      let finish: () => void = () => undefined
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const stop = await monitorServer(url, ({ source, command, argument }) => {
        if (argument === marker && command === 'echo') finish()
        else if (source !== 'lua') sent += 1
      })
      try {
        await work()
        await client.echo(marker)
        await finished
      } finally {
        stop()
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
