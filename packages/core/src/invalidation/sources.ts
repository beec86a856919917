import type { EventSource, Following } from '../contracts/following'

/** How events of a source, and failures of the source, are handled. */
interface EventHandling<E> {
  handleEvent(event: E): Promise<unknown>
  onError(error: unknown): void
}

/** Handles each event of an emitter until stopped. */
export function followEmitter<E>(
  source: EventSource<E>,
  event: string,
  { handleEvent, onError }: EventHandling<E>,
): Following {
  const { promise: done, resolvePromise: markDone } = createDeferred()
  const onEvent = (item: E) => {
    callAsync(() => handleEvent(item)).catch(onError)
  }
  source.on(event, onEvent)
  return {
    done,
    stop() {
      source.off(event, onEvent)
      markDone()
    },
  }
}

/** Handles each item of an async iterable sequentially, until it ends or is stopped. */
export function followIterable<E>(
  source: AsyncIterable<E>,
  { handleEvent, onError }: EventHandling<E>,
): Following {
  const items = source[Symbol.asyncIterator]()
  const { promise: stopped, resolvePromise: markStopped } = createDeferred()
  let isStopped = false

  async function handleAll(): Promise<void> {
    while (!isStopped) {
      const next = await Promise.race([items.next(), stopped])
      if (next === undefined || next.done) return
      await callAsync(() => handleEvent(next.value)).catch(onError)
    }
  }

  return {
    done: handleAll().catch(onError),
    stop() {
      isStopped = true
      markStopped()
      Promise.resolve(items.return?.()).catch(onError)
    },
  }
}

/** Turns an exception of the handler into a rejection. */
async function callAsync(work: () => Promise<unknown>): Promise<void> {
  await work()
}

function createDeferred(): { readonly promise: Promise<void>; resolvePromise(): void } {
  let resolvePromise: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolvePromise = settle
  })
  return { promise, resolvePromise }
}
