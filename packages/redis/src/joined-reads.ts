type Read = (keys: readonly string[]) => Promise<readonly unknown[]>

/** Somebody who waits for the values of some keys. */
interface Waiting {
  readonly keys: readonly string[]
  resolve(values: readonly unknown[]): void
  reject(error: unknown): void
}

/** Keys in one command at most, so that none holds the server up. */
const mostKeys = 500

/**
 * Joins what is asked for in one turn of the event loop into one command: many callers that read one key each cost as
 * much as one that reads many. A caller on its own waits no longer than to the end of the turn.
 */
export function joinedReads(read: Read): Read {
  let waiting: Waiting[] = []
  let size = 0

  function flush(): void {
    const asked = waiting
    waiting = []
    size = 0
    const [only] = asked
    if (only === undefined) return
    const keys = asked.length === 1 ? only.keys : asked.flatMap((one) => one.keys)
    read(keys).then(
      (values) => handOut(asked, values),
      (error: unknown) => {
        for (const { reject } of asked) reject(error)
      },
    )
  }

  return (keys) =>
    new Promise((resolve, reject) => {
      if (size > 0 && size + keys.length > mostKeys) flush()
      // After the promises of this turn, whose callers may ask for something, too.
      if (size === 0) void Promise.resolve().then(() => process.nextTick(flush))
      waiting.push({ keys, resolve, reject })
      size += keys.length
    })
}

function handOut(asked: readonly Waiting[], values: readonly unknown[]): void {
  let at = 0
  for (const { keys, resolve } of asked) {
    resolve(values.slice(at, at + keys.length))
    at += keys.length
  }
}
