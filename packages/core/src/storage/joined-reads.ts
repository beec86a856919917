/** Asks a tier for some keys; answers in their order. */
export type Read<T> = (keys: readonly string[]) => Promise<readonly T[]>

/** Keys in one question at most, so that none holds a server up. */
const mostKeys = 500

/** What is asked for in one turn. */
interface Question<T> {
  readonly keys: string[]
  readonly answers: Promise<readonly T[]>
}

/**
 * Joins what is asked for in one turn of the event loop into one question: many callers that want one key each cost a
 * gate, a deadline and a round trip in all. A caller on its own waits no longer than to the end of the turn.
 */
export function joinedReads<T>(read: Read<T>): (key: string) => Promise<T | undefined> {
  let open: Question<T> | undefined

  function ask(): Question<T> {
    const keys: string[] = []
    const answers = endOfTurn().then(() => {
      if (open?.keys === keys) open = undefined
      return read(keys)
    })
    return { keys, answers }
  }

  return async (key) => {
    if (open === undefined || open.keys.length === mostKeys) open = ask()
    const { keys, answers } = open
    const at = keys.push(key) - 1
    return (await answers)[at]
  }
}

const nextTick = globalThis.process?.nextTick

/** After the promises of this turn, whose callers may ask for something, too. */
function endOfTurn(): Promise<void> {
  const soon = Promise.resolve()
  return nextTick === undefined ? soon : soon.then(() => new Promise((resolve) => nextTick(resolve)))
}
