import type { Redis } from 'ioredis'
import type { Info } from '../info'
import type { CheckResult } from './finding'
import { readSetting } from './read-setting'

/** Checks whether entries and log survive a restart of the server together. */
export async function checkPersistence(node: Redis, info: Info): Promise<CheckResult> {
  const failure = findWriteFailure(info)
  if (failure !== undefined) return failure
  if (info.get('aof_enabled') === '1') return checkFsync(await readSetting(node, 'appendfsync'))
  const save = await readSetting(node, 'save')
  if (save === undefined)
    return {
      status: 'unknown',
      found: 'no append-only file; this user may not read the snapshot setting (CONFIG GET save).',
      advice:
        'Run doctor as a user with +config|get. A provider that has disabled CONFIG shows the setting elsewhere.',
    }
  if (save === '')
    return { status: 'ok', found: 'none: after a restart the server is empty, and every read is a miss.' }
  return {
    status: 'warn',
    found: `snapshots without an append-only file (save ${save}): a snapshot lacks later invalidations, so after a restart none of its entries is served.`,
    advice:
      'CONFIG SET appendonly yes, to keep the entries over a restart; or CONFIG SET save "", to save the cost of snapshots.',
  }
}

/** A server that cannot write to its disk refuses all writes. */
function findWriteFailure(info: Info): CheckResult | undefined {
  const failed = ['rdb_last_bgsave_status', 'aof_last_write_status', 'aof_last_bgrewrite_status'].find(
    (field) => (info.get(field) ?? 'ok') !== 'ok',
  )
  if (failed === undefined) return undefined
  return {
    status: 'fail',
    found: `the last write to disk failed (${failed}): the server may refuse all writes.`,
    advice: "Look for the reason in the server's log: usually the disk is full or not writable.",
  }
}

function checkFsync(fsync: string | undefined): CheckResult {
  const found = `append-only file${fsync === undefined ? '' : `, appendfsync ${fsync}`}`
  if (fsync !== 'no') return { status: 'ok', found: `${found}: a crash loses at most a second of the log.` }
  return {
    status: 'warn',
    found: `${found}: a crash may lose half a minute of the log.`,
    advice: 'CONFIG SET appendfsync everysec.',
  }
}
