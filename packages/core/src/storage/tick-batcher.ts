/**
 * Gathers what comes in one turn of the event loop and hands it on together, at most so many at a time: many callers that
 * want one thing each cost a policy, a deadline and a round trip in all. Who comes alone waits no longer than to the end of
 * the turn.
 */
export function batchPerTick<T>(most: number, hand: (gathered: readonly T[]) => void): (item: T) => void {
  let gathered: T[] = []

  function handOn(): void {
    const items = gathered
    gathered = []
    if (items.length > 0) hand(items)
  }

  return (item) => {
    if (gathered.length === 0) atEndOfTurn(handOn)
    gathered.push(item)
    if (gathered.length === most) handOn()
  }
}

const settled = Promise.resolve()
const nextTick = globalThis.process?.nextTick

/** After the promises of this turn, whose callers may ask for something, too. */
function atEndOfTurn(task: () => void): void {
  void settled.then(nextTick === undefined ? task : () => nextTick(task))
}
