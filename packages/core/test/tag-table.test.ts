import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tagOfKey } from '../src/entry/reserved-tags'
import { createTagTable } from '../src/invalidation/tag-table'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const change = fc.record({
  how: fc.constantFrom('apply', 'pend', 'confirm', 'floor', 'keysFloor'),
  scope: fc.constantFrom('tag' as const, 'key' as const, 'all' as const),
  mode: fc.constantFrom('hard' as const, 'soft' as const),
  name,
})
const subject = fc.record({
  key: name,
  tags: fc.uniqueArray(fc.oneof(name, name.map(tagOfKey)), { maxLength: 4 }),
})

describe('an entry that nothing concerned since it was valid', () => {
  test('is valid still', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.array(change, { maxLength: 12 }),
        subject,
        (before, after, { key, tags }) => {
          const table = createTagTable({ maxNames: 2 })
          let position = 0
          function make({ how, ...invalidation }: (typeof before)[number]): void {
            position += 1
            if (how === 'apply') table.applyRecord({ ...invalidation, position })
            if (how === 'pend') table.addPending(invalidation, position)
            if (how === 'confirm') table.confirmPending(invalidation, position)
            if (how === 'floor') table.raiseFloor(position)
            if (how === 'keysFloor') table.raiseKeysFloor(position)
          }
          before.forEach(make)
          const entry = { key, tags, asOf: position, sequence: position }
          const { version } = table.current
          fc.pre(table.judge(entry) === 'valid')
          after.forEach(make)
          if (table.isUnaffected(entry, version)) expect(table.judge(entry)).toBe('valid')
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('is known by the latest changes, without a look at its tags', () => {
    const table = createTagTable({ maxNames: 100 })
    const entry = { key: 'k', tags: ['mine'], asOf: 0, sequence: 0 }
    const { version } = table.current
    table.applyRecord({ scope: 'tag', mode: 'hard', name: 'other', position: 1 })
    table.applyRecord({ scope: 'key', mode: 'hard', name: 'other', position: 2 })
    expect(table.isUnaffected(entry, version)).toBe(true)
    table.applyRecord({ scope: 'key', mode: 'hard', name: 'k', position: 3 })
    expect(table.isUnaffected(entry, version)).toBe(false)
  })
})
