import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tagOfKey } from '../src/entry/reserved-tags'
import { createTagTable } from '../src/invalidation/tag-table'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const change = fc.record({
  kind: fc.constantFrom('apply', 'pend', 'confirm', 'floor', 'keysFloor', 'merge'),
  scope: fc.constantFrom('tag' as const, 'key' as const, 'all' as const),
  mode: fc.constantFrom('hard' as const, 'soft' as const),
  name,
})
const subject = fc.record({
  key: name,
  tags: fc.uniqueArray(fc.oneof(name, name.map(tagOfKey)), { maxLength: 4 }),
})

describe('an entry that was valid and is unaffected by all changes since', () => {
  test('is still valid', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.array(change, { maxLength: 12 }),
        subject,
        (before, after, { key, tags }) => {
          const table = createTagTable({ maxNames: 2, separator: ':' })
          let position = 0
          function applyChange({ kind, ...invalidation }: (typeof before)[number]): void {
            position += 1
            if (kind === 'apply') table.applyRecord({ ...invalidation, position })
            if (kind === 'pend') table.addPending(invalidation, position)
            if (kind === 'confirm') table.confirmPending(invalidation, position)
            if (kind === 'floor') table.raiseFloor(position)
            if (kind === 'keysFloor') table.raiseKeysFloor(position)
            if (kind === 'merge') table.mergePending(position)
          }
          before.forEach(applyChange)
          const entry = { key, tags, asOf: position, term: 0, sequence: position }
          const { version } = table.current
          fc.pre(table.judge(entry) === 'valid')
          after.forEach(applyChange)
          if (table.isUnaffected(entry, version)) expect(table.judge(entry)).toBe('valid')
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('is recognized from the latest changes alone', () => {
    const table = createTagTable({ maxNames: 100, separator: ':' })
    const entry = { key: 'k', tags: ['mine'], asOf: 0, term: 0, sequence: 0 }
    const { version } = table.current
    table.applyRecord({ scope: 'tag', mode: 'hard', name: 'other', position: 1 })
    table.applyRecord({ scope: 'key', mode: 'hard', name: 'other', position: 2 })
    expect(table.isUnaffected(entry, version)).toBe(true)
    table.applyRecord({ scope: 'key', mode: 'hard', name: 'k', position: 3 })
    expect(table.isUnaffected(entry, version)).toBe(false)
  })
})
