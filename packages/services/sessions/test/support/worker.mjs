// One of several processes that share sessions: carries out the calls that it is sent, many of them at once.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createSessions } from '../../dist/index.js'

const { server, options } = JSON.parse(process.argv[2])

/** Options that connect to one server, or to the primary that Sentinels name. */
function connectTo({ url, sentinels, name }) {
  if (url !== undefined) return { url }
  const client = new Redis({ sentinels, name, failoverDetector: true, sentinelRetryStrategy: () => 100 })
  client.on('error', () => undefined)
  return { client }
}

const sessions = createSessions({
  name: 'processes',
  // A busy machine must not look like an outage.
  storeTimeout: '20s',
  circuitPause: 50,
  onError: () => undefined,
  ...connectTo(server),
  ...options,
})

/** A request reads the session first, and works for a while. Undefined for one without a session. */
async function request({ id, pause }, work) {
  const session = await sessions.read(id)
  if (session === undefined) return undefined
  await sleep(pause)
  return work(session)
}

const calls = {
  create: async ({ user }) => (await sessions.create({}, { user })).id,
  read: ({ id }) => request({ id, pause: 0 }, ({ data }) => data),
  save: (call) =>
    request(call, (session) => {
      session.data[call.field] = call.value
      return session.save()
    }),
  renew: (call) =>
    request(call, async (session) => ((await session.renew()) === 'renewed' ? session.id : 'ended')),
  revoke: ({ id }) => sessions.revoke(id),
  revokeAll: ({ user }) => sessions.revokeAll(user),
  list: async ({ user }) => (await sessions.listByUser(user)).length,
}

process.on('message', async ({ number, name, call }) => {
  try {
    process.send({ number, result: await calls[name](call) })
  } catch (error) {
    process.send({ number, error: error.code ?? String(error) })
  }
})
process.send('ready')
