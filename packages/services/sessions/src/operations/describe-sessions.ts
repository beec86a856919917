import type { Service, ServiceResource } from '@larder/core'
import type { CallRecorder } from '../record-calls'
import type { Sessions } from '../sessions'
import { metrics } from './metrics'

type DescribedSessions = Pick<Sessions, 'count' | 'listByUser' | 'revokeAll' | 'stats'>

/** Upper bounds of durations, in seconds: reads are meant to take below 10 ms, logins below 50 ms. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** Describes sessions to metrics and to the admin API, which sees neither ids nor data. */
export function describeSessions(
  name: string,
  sessions: DescribedSessions,
  listen: CallRecorder['listen'],
): Service {
  const { stats } = sessions
  return {
    kind: 'session',
    name,
    instruments: [
      {
        ...metrics.reads,
        read(observe) {
          const { found, missing, unreadable } = stats()
          for (const [result, count] of Object.entries({ found, missing, unreadable }))
            observe(count, { 'session.result': result })
        },
      },
      {
        ...metrics.changes,
        read(observe) {
          const { created, saved, renewed, revoked, conflicts } = stats()
          for (const [change, count] of Object.entries({ created, saved, renewed, revoked, conflicts }))
            observe(count, { 'session.change': change })
        },
      },
      { ...metrics.unavailable, read: (observe) => observe(stats().unavailable) },
      { ...metrics.duration, bounds, listen },
      { ...metrics.circuitOpen, read: (observe) => observe(stats().circuit === 'open' ? 1 : 0) },
    ],
    resources: createResources(sessions),
  }
}

function createResources({
  count,
  listByUser,
  revokeAll,
  stats,
}: DescribedSessions): readonly ServiceResource[] {
  return [
    {
      method: 'GET',
      path: 'count',
      summary: 'The number of sessions that live, in all processes, and the work of this process.',
      response: {
        type: 'object',
        properties: { active: { type: 'integer' }, stats: { type: 'object' } },
      },
      handle: async () => ({ active: await count(), stats: stats() }),
    },
    {
      method: 'GET',
      path: 'of-user',
      summary: 'The sessions of the user in ?user=: handles, labels and times, without ids and data.',
      response: { type: 'object', properties: { sessions: { type: 'array' } } },
      handle: async ({ query }) => ({ sessions: await listByUser(query.get('user') ?? '') }),
    },
    {
      method: 'POST',
      path: 'revoke-all',
      summary: 'Ends all sessions of a user, at once and everywhere.',
      action: 'revoke-all',
      body: { type: 'object', required: ['user'], properties: { user: { type: 'string' } } },
      response: { type: 'object', properties: { revoked: { type: 'integer' } } },
      async handle({ readBody, perform }) {
        const { user } = await readBody()
        return perform([String(user)], async () => ({ revoked: await revokeAll(user as string) }))
      },
    },
  ]
}
