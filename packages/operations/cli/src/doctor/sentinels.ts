import type { Names } from '@larder/redis'
import { Redis } from 'ioredis'
import { type Info, numberOf } from '../info'
import { formatCount, formatDuration } from '../text/amounts'
import type { CheckResult } from './finding'

/** The channel on which every Sentinel announces itself on the primary, every two seconds. */
const announcements = '__sentinel__:hello'
/** How long to wait for an announcement, in ms. */
const announcementTimeout = 5_000
/** With fewer Sentinels, the loss of one of them leaves no majority for a failover. */
const minSentinels = 3

/** The Sentinels of a primary, and the clients on both. */
export interface SentinelState {
  /** The name that the Sentinels give to the primary. */
  readonly primaryName: string
  readonly sentinels: number
  readonly quorum: number
  /** How long a primary is silent before the Sentinels take it for down, in ms. */
  readonly downAfter: number
  /** Clients to which this Sentinel reports that it has switched to another primary. */
  readonly listeners: number
  /** Connections that follow the log of the cache on the primary: one per process. */
  readonly followers: number
}

/** Checks the Sentinels of a primary, and whether the processes of the cache listen to them. Asks the first that announces itself. */
export async function checkSentinels(node: Redis, info: Info, names: Names): Promise<CheckResult> {
  // Without a replica, no failover is possible.
  if (numberOf(info, 'connected_slaves') === 0) return { status: 'ok', found: 'no replica to switch to' }
  if ((await countSubscribers(node, announcements)) === 0)
    return { status: 'ok', found: 'no Sentinel watches this primary' }
  const announced = await awaitAnnouncement(node)
  if (announced === undefined)
    return {
      status: 'unknown',
      found: `no Sentinel has announced itself within ${formatDuration(announcementTimeout)}.`,
    }
  const sentinel = new Redis({ ...announced, lazyConnect: true, connectTimeout: 2_000, retryStrategy: null })
  sentinel.on('error', () => undefined)
  try {
    await sentinel.connect()
    const followers = await countSubscribers(node, names.push)
    return rateSentinels({ ...(await readPrimary(sentinel, announced.primaryName)), followers })
  } catch (error) {
    const address = `${announced.host}:${announced.port}`
    return { status: 'unknown', found: `the Sentinel at ${address} cannot be asked: ${String(error)}` }
  } finally {
    sentinel.disconnect()
  }
}

/** Rates what the first Sentinel says. */
export function rateSentinels(state: SentinelState): CheckResult {
  const { primaryName, sentinels, quorum, downAfter, listeners, followers } = state
  const found = `${formatCount(sentinels, 'Sentinel watches', 'Sentinels watch')} "${primaryName}", quorum ${quorum}, down after ${formatDuration(downAfter)}`
  if (listeners < followers)
    return {
      status: 'warn',
      found: `${found}; ${formatCount(followers, 'process follows', 'processes follow')} the log, and only ${formatCount(listeners, 'client listens', 'clients listen')} for a switch: the others stay on a primary that was replaced while it paused, and read and invalidate alone until it is demoted.`,
      advice: 'Set failoverDetector: true in the options of ioredis.',
    }
  if (sentinels >= minSentinels) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}: when one of them is lost with the primary, no majority is left for a failover.`,
    advice: `Run ${minSentinels} Sentinels, on machines that do not fail together.`,
  }
}

async function countSubscribers(node: Redis, channel: string): Promise<number> {
  const [, count] = (await node.call('PUBSUB', 'NUMSUB', channel)) as [string, number]
  return count
}

/** The address of a Sentinel and its name for the primary. Uses a connection of its own, because it subscribes. */
async function awaitAnnouncement(node: Redis) {
  const connection = node.duplicate({ lazyConnect: true, autoResubscribe: false })
  connection.on('error', () => undefined)
  try {
    await connection.connect()
    return await new Promise<ReturnType<typeof parseAnnouncement> | undefined>((resolve, reject) => {
      setTimeout(() => resolve(undefined), announcementTimeout).unref()
      connection.on('message', (_, message) => resolve(parseAnnouncement(message)))
      connection.subscribe(announcements).catch(reject)
    })
  } finally {
    connection.disconnect()
  }
}

/** Parses `ip,port,run id,epoch,primary name,…`. */
function parseAnnouncement(message: string) {
  const [host = '', port, , , primaryName = ''] = message.split(',')
  return { host, port: Number(port), primaryName }
}

async function readPrimary(sentinel: Redis, primaryName: string): Promise<Omit<SentinelState, 'followers'>> {
  const fields = (await sentinel.call('SENTINEL', 'MASTER', primaryName)) as string[]
  const numberAt = (name: string) => Number(fields[fields.indexOf(name) + 1])
  const clients = String(await sentinel.call('CLIENT', 'LIST', 'TYPE', 'pubsub'))
  return {
    primaryName,
    sentinels: numberAt('num-other-sentinels') + 1,
    quorum: numberAt('quorum'),
    downAfter: numberAt('down-after-milliseconds'),
    listeners: clients.split('\n').filter((line) => /\bp?sub=[1-9]/.test(line)).length,
  }
}
