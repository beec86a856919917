import { Redis } from 'ioredis'
import { monitorServer } from './monitor'

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
