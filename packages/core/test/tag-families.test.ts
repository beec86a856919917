import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LogRecord } from '../src/contracts/log'
import { createTagGraph } from '../src/invalidation/tag-graph'
import { createTagTable } from '../src/invalidation/tag-table'

const tagRecord = (name: string, position: number, mode: 'hard' | 'soft' = 'hard'): LogRecord => ({
  scope: 'tag',
  mode,
  name,
  position,
})

const { closureOf } = createTagGraph({ separator: ':', maxClosure: 64, maxLinks: 10 })
const entryWith = (tag: string, asOf: number) => ({
  key: 'k',
  tags: closureOf([tag]),
  asOf,
  term: 0,
  sequence: 0,
})

describe('more invalidated tags than a process remembers', () => {
  test('below one tag end entries below that tag only', () => {
    const table = createTagTable({ maxNames: 1_000, separator: ':' })
    for (let index = 1; index <= 300; index += 1) table.applyRecord(tagRecord(`product:${index}`, index))
    for (let index = 301; index <= 20_000; index += 1) table.applyRecord(tagRecord(`search:${index}`, index))
    expect(table.floor).toBe(0)
    expect(table.judge(entryWith('product:1', 1))).toBe('valid')
    expect(table.judge(entryWith('product:400', 0))).toBe('valid')
    expect(table.judge(entryWith('product:7', 6))).toBe('dead')
    expect(table.judge(entryWith('search:never', 400))).toBe('dead')
    expect(table.judge(entryWith('search:never', 20_000))).toBe('valid')
  })

  test('do so when this process invalidates more of them at once than are merged at once', () => {
    const table = createTagTable({ maxNames: 100, separator: ':' })
    for (let call = 1; call <= 20; call += 1) {
      const names = Array.from({ length: 60 }, (_, index) => `search:${call} ${index}`)
      for (const name of names) table.addPending({ scope: 'tag', mode: 'hard', name }, call)
      for (const name of names) table.applyRecord(tagRecord(name, call))
      for (const name of names) table.confirmPending({ scope: 'tag', mode: 'hard', name }, call)
    }
    expect(table.floor).toBe(0)
    expect(table.judge(entryWith('product:1', 1))).toBe('valid')
  })

  test('keep their places, and those of all others, while the log has not confirmed them', () => {
    const table = createTagTable({ maxNames: 100, separator: ':' })
    for (let index = 1; index <= 50; index += 1) table.applyRecord(tagRecord(`flat-${index}`, index))
    const names = Array.from({ length: 400 }, (_, index) => `search:${index}`)
    for (const name of names) table.addPending({ scope: 'tag', mode: 'hard', name }, 1)
    for (const name of names) table.applyRecord(tagRecord(name, 51))
    expect(table.floor).toBe(0)
    for (const name of names) table.confirmPending({ scope: 'tag', mode: 'hard', name }, 1)
    for (let index = 52; index <= 152; index += 1) table.applyRecord(tagRecord(`search:${index}`, index))
    expect(table.floor).toBe(0)
    expect(table.judge(entryWith('flat-7', 6))).toBe('dead')
    expect(table.judge(entryWith('search:0', 50))).toBe('dead')
  })

  test('make a table full by their length as well as by their number', () => {
    const table = createTagTable({ maxNames: 1_000, separator: ':' })
    table.applyRecord(tagRecord('product:1', 1))
    for (let index = 2; index <= 500; index += 1)
      table.applyRecord(tagRecord(`search:${index} ${'long '.repeat(100)}`, index))
    expect(table.listSince(0).length).toBeLessThan((1_000 * 128) / 500 + 1_000 / 8)
    expect(table.judge(entryWith('search:never', 1))).toBe('dead')
    expect(table.judge(entryWith('product:1', 1))).toBe('valid')
    expect(table.judge(entryWith('product:1', 0))).toBe('dead')
  })

  test.each([
    ['confirmed, and below one tag', (index: number) => `search:${index}`, false],
    ['confirmed, and without segments', (index: number) => `tag-${index}`, false],
    ['not confirmed yet', (index: number) => `search:${index}`, true],
  ])('cost a few passes over the table for each eighth of it if they are %s', (_, nameOf, isPending) => {
    const maxNames = 400
    const table = createTagTable({ maxNames, separator: ':' })
    const passes = vi.spyOn(Map.prototype, Symbol.iterator)
    onTestFinished(() => passes.mockRestore())
    for (let index = 1; index <= 10 * maxNames; index += 1) {
      const invalidation = { scope: 'tag', mode: 'hard', name: nameOf(index) } as const
      if (isPending) table.addPending(invalidation, 1)
      table.applyRecord({ ...invalidation, position: index })
    }
    expect(passes.mock.calls.length).toBeLessThan(10 * 8 * 6)
  })

  test('end the entries of the narrowest tag that has enough of them below it', () => {
    const table = createTagTable({ maxNames: 100, separator: ':' })
    for (let index = 1; index <= 1_000; index += 1) table.applyRecord(tagRecord(`org:7:job:${index}`, index))
    expect(table.judge(entryWith('org:7:job:never', 1))).toBe('dead')
    expect(table.judge(entryWith('org:7:people', 1))).toBe('valid')
    expect(table.judge(entryWith('org:8', 1))).toBe('valid')
  })

  test('raise the floor if they have no segments in common', () => {
    const table = createTagTable({ maxNames: 100, separator: ':' })
    for (let index = 1; index <= 101; index += 1) table.applyRecord(tagRecord(`tag-${index}`, index))
    expect(table.floor).toBeGreaterThan(0)
  })

  test('keep a process from serving an entry again that it served as stale', () => {
    const table = createTagTable({ maxNames: 16, separator: ':' })
    for (let index = 1; index <= 17; index += 1) table.applyRecord(tagRecord(`a:${index}`, index, 'soft'))
    expect(table.judge(entryWith('a:1', 0))).toBe('soft')
    expect(table.judge(entryWith('a:1', 0))).not.toBe('valid')
  })

  test('are noticed by an entry that was found valid before', () => {
    const table = createTagTable({ maxNames: 16, separator: ':' })
    for (let index = 1; index <= 16; index += 1) table.applyRecord(tagRecord(`a:${index}`, index))
    const entry = entryWith('a:never', 0)
    const { version } = table.current
    expect(table.judge(entry)).toBe('valid')
    table.applyRecord(tagRecord('b', 17))
    expect(table.judge(entry)).toBe('dead')
    expect(table.isUnaffected(entry, version)).toBe(false)
  })
})

test('a small table never finds an entry better than a table that forgets nothing', () => {
  const order = { valid: 0, soft: 1, dead: 2 }
  const segment = fc.constantFrom('a', 'b', 'c', '')
  for (const separator of [':', '::', '']) {
    const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `x${segments.join(':')}`)
    const record = fc.record({ name, mode: fc.constantFrom('hard' as const, 'soft' as const) })
    const graph = createTagGraph({ separator, maxClosure: 64, maxLinks: 10 })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), name, fc.nat(60), (records, tag, asOf) => {
        const tables = [4, 1_000].map((maxNames) => createTagTable({ maxNames, separator }))
        records.forEach((each, index) => {
          for (const table of tables) table.applyRecord(tagRecord(each.name, index + 1, each.mode))
        })
        const subject = { ...entryWith(tag, asOf), tags: graph.closureOf([tag]) }
        const [small, exact] = tables.map((table) => order[table.judge(subject)])
        expect(small).toBeGreaterThanOrEqual(exact ?? 0)
      }),
      { numRuns: 200 },
    )
  }
})
