import type { EventSource, Following } from '../contracts/cache'

/** What happens with each event, and with a failure of the source. */
export interface EventHandling<E> {
  handle(event: E): Promise<unknown>
  onError(error: unknown): void
}

/** Handles each event of an emitter until stopped. */
export function followEmitter<E>(
  source: EventSource<E>,
  event: string,
  { handle, onError }: EventHandling<E>,
): Following {
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const listener = (item: E) => {
    settle(() => handle(item)).catch(onError)
  }
  source.on(event, listener)
  return {
    done,
    stop() {
      source.off(event, listener)
      finish()
    },
  }
}

/** Handles each item of an async iterable, one after the other, until it ends or is stopped. */
export function followIterable<E>(
  source: AsyncIterable<E>,
  { handle, onError }: EventHandling<E>,
): Following {
  const items = source[Symbol.asyncIterator]()
  let stopped = false
  let finish: () => void = () => undefined
  const stop = new Promise<void>((resolve) => {
    finish = resolve
  })

  async function run(): Promise<void> {
    while (!stopped) {
      const next = await Promise.race([items.next(), stop])
      if (next === undefined || next.done) return
      await settle(() => handle(next.value)).catch(onError)
    }
  }

  return {
    done: run().catch(onError),
    stop() {
      stopped = true
      finish()
      Promise.resolve(items.return?.()).catch(onError)
    },
  }
}

/** A handler that throws at once is one that rejects. */
async function settle(work: () => Promise<unknown>): Promise<void> {
  await work()
}
