import { describe, expect, test } from 'vitest'
import { linkRecord } from '../src/invalidation/tag-graph'
import { createWaitingLinks } from '../src/invalidation/waiting-links'

const link = linkRecord('link', 'child', 'parent')
const removalAt = (position: number) => ({ ...linkRecord('unlink', 'child', 'parent'), position })

describe('a link of this process that waits for the log', () => {
  test('puts off the records that remove it, and gives back the latest once the log has confirmed it', () => {
    const waiting = createWaitingLinks()
    waiting.noteChange(link, 1)
    expect([removalAt(20), removalAt(10)].map(waiting.putOff)).toEqual([true, true])
    expect(waiting.confirm(link, 1)).toEqual(removalAt(20))
    expect(waiting.putOff(removalAt(30))).toBe(false)
  })

  test('goes on waiting when the log confirms an earlier one', () => {
    const waiting = createWaitingLinks()
    waiting.noteChange(link, 1)
    waiting.noteChange(link, 2)
    expect(waiting.confirm(link, 1)).toBeUndefined()
    expect(waiting.putOff(removalAt(10))).toBe(true)
  })

  test('no longer waits once this process has removed it', () => {
    const waiting = createWaitingLinks()
    waiting.noteChange(link, 1)
    waiting.noteChange(removalAt(0), 2)
    expect(waiting.putOff(removalAt(10))).toBe(false)
  })
})

test('a link of another process is removed by its record', () => {
  expect(createWaitingLinks().putOff(removalAt(10))).toBe(false)
})
