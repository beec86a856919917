import { appendFileSync } from 'node:fs'
import type { History } from '@larder/testing'

/** Records that are written at once, to keep the text that is in memory short. */
const recordsPerWrite = 10_000

/**
 * Appends a history to a file: one line of JSON for each record, with its `kind`. A line `run` comes first, then the faults,
 * the writes and the reads of that run.
 */
export function appendHistory(
  path: string,
  run: { readonly topology: string },
  history: Pick<History, 'faults' | 'writes' | 'reads'>,
): void {
  const { faults, writes, reads } = history
  appendRecords(path, 'run', [run])
  appendRecords(path, 'fault', faults)
  appendRecords(path, 'write', writes)
  appendRecords(path, 'read', reads)
}

function appendRecords(path: string, kind: string, records: readonly object[]): void {
  for (let start = 0; start < records.length; start += recordsPerWrite) {
    const lines = records
      .slice(start, start + recordsPerWrite)
      .map((record) => JSON.stringify({ kind, ...record }))
    appendFileSync(path, `${lines.join('\n')}\n`)
  }
}
