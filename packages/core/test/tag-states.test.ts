import { describe, expect, test } from 'vitest'
import { dropOldest, dropUpTo, oldestNames, type TagStates, touchState } from '../src/invalidation/tag-states'

const countOne = () => 1

/** Names that were invalidated at the positions 1, 2, 3 … in this order. */
function statesOf(...names: readonly string[]): TagStates {
  const states: TagStates = new Map()
  names.forEach((name, at) => {
    touchState(states, name).hard = at + 1
  })
  return states
}

describe('the states of names', () => {
  test('a name that is invalidated again keeps its place until the oldest ones are asked for', () => {
    const states = statesOf('a', 'b', 'c', 'a', 'a', 'a')
    expect([...states.keys()]).toEqual(['a', 'b', 'c'])
    expect([...oldestNames(states)].map(([name]) => name)).toEqual(['b', 'c', 'a'])
    expect([...states.keys()]).toEqual(['b', 'c', 'a'])
  })

  test('the oldest names end even if all of them were invalidated again', () => {
    const states = statesOf('a', 'b', 'a', 'b')
    expect([...oldestNames(states)].map(([name]) => name)).toEqual(['a', 'b'])
  })

  test('names that were invalidated again are dropped last', () => {
    const states = statesOf('a', 'b', 'c', 'a')
    expect(dropOldest(states, 2, countOne)).toBe(3)
    expect([...states.keys()]).toEqual(['a'])
  })

  test('the record of a pending invalidation does not count as another one', () => {
    const states: TagStates = new Map()
    touchState(states, 'a').pendingHard = 1
    touchState(states, 'a').hard = 1
    touchState(states, 'b').hard = 2
    expect([...oldestNames(states)].map(([name]) => name)).toEqual(['a', 'b'])
  })

  test('names up to a position are dropped, behind one that was invalidated after it as well', () => {
    const states = statesOf('a', 'b', 'c', 'a')
    dropUpTo(states, 2)
    expect([...states.keys()]).toEqual(['c', 'a'])
  })
})
