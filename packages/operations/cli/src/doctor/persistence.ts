import type { Redis } from 'ioredis'
import type { Info } from '../info'
import type { Finding } from './finding'

type Answer = Omit<Finding, 'check'>

/** What a restart of the server does to entries and log. */
export async function checkPersistence(node: Redis, info: Info): Promise<Answer> {
  const broken = failureIn(info)
  if (broken !== undefined) return broken
  if (info.get('aof_enabled') === '1') return withAppendOnly(await setting(node, 'appendfsync'))
  const save = await setting(node, 'save')
  if (save === undefined)
    return {
      status: 'unknown',
      found: 'no append-only file; this user may not see whether there are snapshots (CONFIG GET save).',
      advice: 'Run doctor as a user with +config|get.',
    }
  if (save === '')
    return { status: 'ok', found: 'none: after a restart the server is empty, and everything is a miss.' }
  return {
    status: 'warn',
    found: `snapshots alone (save ${save}): a snapshot lacks the invalidations since, so after a restart nothing in it counts.`,
    advice:
      'CONFIG SET appendonly yes, to keep the entries over a restart; or CONFIG SET save "", to spare the work.',
  }
}

/** A server that cannot write to its disk refuses all writes. */
function failureIn(info: Info): Answer | undefined {
  const failed = ['rdb_last_bgsave_status', 'aof_last_write_status', 'aof_last_bgrewrite_status'].find(
    (field) => (info.get(field) ?? 'ok') !== 'ok',
  )
  if (failed === undefined) return undefined
  return {
    status: 'fail',
    found: `the last write to disk has failed (${failed}): the server may refuse all writes.`,
    advice: "See the server's log for the reason; most often the disk is full or may not be written.",
  }
}

function withAppendOnly(fsync: string | undefined): Answer {
  const found = `append-only file${fsync === undefined ? '' : `, appendfsync ${fsync}`}`
  if (fsync !== 'no') return { status: 'ok', found: `${found}: a crash loses a second of the log at most.` }
  return {
    status: 'warn',
    found: `${found}: a crash may lose half a minute of the log.`,
    advice: 'CONFIG SET appendfsync everysec.',
  }
}

/** A setting; undefined where the user may not see it. */
async function setting(node: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await node.call('CONFIG', 'GET', name)) as string[]
    return value
  } catch {
    return undefined
  }
}
