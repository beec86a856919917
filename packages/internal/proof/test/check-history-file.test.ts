import { temporaryFolder } from '@larder/servers'
import type { ReadRecord, WriteRecord } from '@larder/testing'
import { expect, test } from 'vitest'
import { checkHistoryFile } from '../src/torture/check-history-file'
import { appendHistory } from '../src/torture/history-file'

/** Version 2 of item 0, of which process 0 invalidated version 1; acknowledged at 1 000 ms. */
const write: WriteRecord = {
  node: 0,
  incarnation: 0,
  item: 0,
  version: 2,
  committedAt: 900,
  means: 'tag',
  resolvedAt: 1_000,
  outcome: 'applied',
  token: 'token',
}

/** A read of version 1 by process 1, long after the write. */
const oldRead: ReadRecord = {
  node: 1,
  incarnation: 0,
  item: 0,
  startedAt: 4_000,
  demand: 'bounded',
  isLast: false,
  endedAt: 4_010,
  version: 1,
  error: undefined,
}

/** Judges a history of one write and one read. */
async function countViolations(
  read: Partial<ReadRecord>,
  written: Partial<WriteRecord> = {},
): Promise<number> {
  const folder = temporaryFolder()
  const [path, writes] = [folder.file('history'), [{ ...write, ...written }]]
  const reads = [{ ...oldRead, ...read }]
  appendHistory(path, { topology: 'single' }, { faults: [], writes, reads })
  const [run] = await checkHistoryFile(path)
  folder.remove()
  expect(run?.reads).toBe(1)
  return run?.violations.length ?? 0
}

test('a read must see what another process invalidated two seconds before', async () => {
  expect(await countViolations({})).toBe(1)
  expect(await countViolations({ startedAt: 3_001 })).toBe(1)
  expect(await countViolations({ startedAt: 2_999 })).toBe(0)
  expect(await countViolations({ version: 2 })).toBe(0)
  expect(await countViolations({ item: 1 })).toBe(0)
  expect(await countViolations({}, { outcome: 'queued' })).toBe(0)
})

test('a read must see at once what its own process has invalidated', async () => {
  expect(await countViolations({ node: 0, startedAt: 1_001 })).toBe(1)
  expect(await countViolations({ node: 0, startedAt: 1_001 }, { outcome: 'queued' })).toBe(1)
  expect(await countViolations({ node: 0, startedAt: 999 })).toBe(0)
})

test('a strong read and one with a token must see what was acknowledged before', async () => {
  expect(await countViolations({ demand: 'strong', startedAt: 1_001 })).toBe(1)
  expect(await countViolations({ demand: { after: write }, startedAt: 1_001 })).toBe(1)
  expect(await countViolations({ demand: { after: { ...write, item: 1 } }, startedAt: 1_001 })).toBe(0)
})

test('a read at the end must see queued invalidations too', async () => {
  expect(await countViolations({ isLast: true }, { outcome: 'queued' })).toBe(1)
})

test('a read must end with a value', async () => {
  expect(await countViolations({ startedAt: 0, version: undefined })).toBe(1)
})
