import type { ServiceReport, ServiceServer } from '@larder/core'
import { noteOnMissingService, serviceNamesOf, servicePatternOf } from '@larder/redis/kit'
import { parseSession } from '../store/session-text'

const sampledUsers = 10_000

/** Counts the sessions that live and their users; lists those of one user if it is given, without ids and data. */
export function inspectSessions(server: ServiceServer, user: string | undefined): Promise<ServiceReport> {
  return user === undefined ? countAll(server) : listOf(server, user)
}

async function countAll(server: ServiceServer): Promise<ServiceReport> {
  const { prefix, name } = server
  const buckets = await server.findKeys(servicePatternOf(prefix, 'session', name, 'live'), 64)
  const counts = await Promise.all(buckets.map((key) => server.call('zcount', key, Date.now(), '+inf')))
  const active = counts.reduce<number>((sum, count) => sum + Number(count), 0)
  const users = (await server.findKeys(servicePatternOf(prefix, 'session', name, 'user'), sampledUsers))
    .length
  const found = users >= sampledUsers ? `at least ${users}` : String(users)
  return {
    data: { active, users },
    table: [
      ['sessions', 'users'],
      [String(active), found],
    ],
    note: buckets.length > 0 ? undefined : await noteOnMissingService(server, 'session', 'sessions'),
  }
}

async function listOf(server: ServiceServer, user: string): Promise<ServiceReport> {
  const names = serviceNamesOf(server.prefix, 'session', server.name)
  const handles = (await server.call('zrange', names.keyOf(user, 'user'), 0, -1)) as unknown[]
  const found = await Promise.all(handles.map((handle) => findSession(server, toText(handle))))
  const sessions = found.filter((session) => session !== undefined)
  return {
    data: { sessions },
    table: [
      ['session', 'label', 'created', 'last used'],
      ...sessions.map(({ handle, label, createdAt, lastUsedAt }) => [handle, label, createdAt, lastUsedAt]),
    ],
  }
}

/** Undefined for one that has ended, also with an earlier epoch. */
async function findSession(server: ServiceServer, handle: string) {
  const names = serviceNamesOf(server.prefix, 'session', server.name)
  const bucket = handle.charAt(0)
  const [epochId] = toText(await server.call('get', names.keyOf(bucket, 'epoch'))).split(' ')
  const session = parseSession(Buffer.from(toText(await server.call('get', names.keyOf(bucket, handle)))))
  if (session === undefined || session.epoch !== epochId) return undefined
  const { label = '', createdAt, lastUsedAt } = session
  return { handle, label, createdAt: toDate(createdAt), lastUsedAt: toDate(lastUsedAt) }
}

function toDate(ms: number): string {
  return new Date(ms).toISOString()
}

function toText(reply: unknown): string {
  return String(reply ?? '')
}
