// needs: redis
// tier: slow
import { type RedisServer, startRedis, until } from '@larder/servers'
import { expect, test } from 'vitest'
import type { RateLimiterOptions } from '../src/index'
import { type Admission, type Fleet, mostWithinWindow, startFleet } from './support/fleet'

const size = 8
const limit = 10
const window = 1_000
const policies = [{ name: 'p', limit, window }]

const startEight = (server: RedisServer, options: Partial<RateLimiterOptions> = {}) =>
  startFleet({ size, server: { url: server.url }, options: { policies, ...options } })

const byRedis = (admissions: readonly Admission[]) => admissions.filter(({ by }) => by === 'redis')

/** The admissions of each process that it decided by itself. */
function* byProcess(admissions: readonly Admission[]) {
  for (const process of new Set(admissions.map(({ pid }) => pid)))
    yield admissions.filter(({ pid, by }) => pid === process && by === 'local')
}

test('eight processes that ask without pause get no more than the limit in any window, and leave no key that stays', async () => {
  await using server = await startRedis()
  await using fleet = await startEight(server)
  await using killed = await startFleet({ size: 1, server: { url: server.url }, options: { policies } })
  await until('some requests were decided', async () => ((await server.commands()).evalsha ?? 0) > 500)
  killed.kill(1)
  await fleet.awaitAdmissions(3 * limit)
  const { admissions } = fleet
  expect(admissions.every(({ by }) => by === 'redis')).toBe(true)
  expect(mostWithinWindow([...admissions, ...killed.admissions], window)).toBeLessThanOrEqual(limit)
  for (const key of (await server.command('KEYS', '*')).split('\n').filter((name) => name !== ''))
    expect(Number(await server.command('PTTL', key))).not.toBe(-1)
})

/** Something that happens to a server, and how often a window can hold the limit then. */
interface Fault {
  readonly name: string
  strike(server: RedisServer, fleet: Fleet): Promise<void>
  /** In limits. */
  readonly most: number
}

const freeze: Fault['strike'] = async (server) => {
  server.stop()
  await new Promise((resolve) => setTimeout(resolve, window / 2))
  server.resume()
}

/** The server is away until enough was admitted without it. */
const away = (begin: Fault['strike'], end: Fault['strike']): Fault['strike'] =>
  async function strike(server, fleet) {
    await begin(server, fleet)
    await fleet.awaitAdmissions(3 * limit)
    await end(server, fleet)
  }

const flushed: Fault = {
  name: 'flushed',
  strike: async (server) => void (await server.command('FLUSHALL')),
  most: 2,
}

const byOutage: Readonly<Record<'closed' | 'local', readonly Fault[]>> = {
  closed: [
    { name: 'frozen', strike: freeze, most: 1 },
    { name: 'killed, with all counts on its disk', strike: (server) => server.revive(), most: 1 },
    flushed,
  ],
  local: [
    {
      name: 'frozen',
      strike: away(
        async (server) => server.stop(),
        async (server) => server.resume(),
      ),
      most: 1 + size,
    },
    {
      name: 'killed and flushed',
      strike: away(
        (server) => server.kill(),
        async (server) => {
          await server.revive()
          await server.command('FLUSHALL')
        },
      ),
      most: 2 + size,
    },
  ],
}

test.each(['closed', 'local'] as const)(
  'with ifUnavailable: %s, eight processes get no more in any window than the guide says, whatever Redis does',
  async (ifUnavailable) => {
    await using server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
    // Short, because every call waits so long while a server is frozen.
    await using fleet = await startEight(server, { ifUnavailable, storeTimeout: 200, circuitPause: 200 })
    let begin = 0
    for (const { name, strike, most } of byOutage[ifUnavailable]) {
      await fleet.awaitAdmissions(2 * limit)
      await strike(server, fleet)
      const before = byRedis(fleet.admissions).length
      await until('Redis decides again', () => byRedis(fleet.admissions).length > before + limit)
      const admissions = fleet.admissions.slice(begin)
      begin = fleet.admissions.length
      expect(mostWithinWindow(admissions, window), name).toBeLessThanOrEqual(most * limit)
      expect(mostWithinWindow(byRedis(admissions), window), name).toBeLessThanOrEqual(
        Math.min(most, 2) * limit,
      )
      for (const alone of byProcess(admissions))
        expect(mostWithinWindow(alone, window), name).toBeLessThanOrEqual(limit)
    }
  },
)
