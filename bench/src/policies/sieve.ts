import type { Policy } from './policy'

/** Zhang, Yang, Yue, Vigfusson, Rashmi: SIEVE is Simpler than LRU, NSDI 2024. */
export const sieve: Policy = (room) => {
  // Places in a ring would reorder what is inserted, so that a linked list is needed: newer and older neighbours.
  const places = new Map<number, number>()
  const keys = new Int32Array(room)
  const newer = new Int32Array(room).fill(-1)
  const older = new Int32Array(room).fill(-1)
  const visited = new Uint8Array(room)
  let newest = -1
  let oldest = -1
  let hand = -1

  function evict(): number {
    let place = hand === -1 ? oldest : hand
    while (visited[place] === 1) {
      visited[place] = 0
      place = at(newer, place) === -1 ? oldest : at(newer, place)
    }
    hand = at(newer, place)
    places.delete(at(keys, place))
    unlink(place)
    return place
  }
  function unlink(place: number): void {
    const [before, after] = [at(newer, place), at(older, place)]
    if (before === -1) newest = after
    else older[before] = after
    if (after === -1) oldest = before
    else newer[after] = before
  }
  function insert(key: number, place: number): void {
    keys[place] = key
    visited[place] = 0
    newer[place] = -1
    older[place] = newest
    if (newest === -1) oldest = place
    else newer[newest] = place
    newest = place
    places.set(key, place)
  }
  return (key) => {
    const place = places.get(key)
    if (place !== undefined) visited[place] = 1
    else insert(key, places.size < room ? places.size : evict())
    return place !== undefined
  }
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? -1
}
