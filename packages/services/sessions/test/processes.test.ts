// needs: redis
// tier: long
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis, startSentinels, until } from '@larder/servers'
import { expect, test } from 'vitest'
import { createBrowsers } from './support/browsers'
import { type Fleet, startFleet } from './support/fleet'

const size = 6
const maxPerUser = 10
const hands = 24
/** Of each round, in ms. */
const roundTime = 2_000

const startSix = (server: object) => startFleet({ size, server, options: { maxPerUser } })

/** Users of whom some never have more sessions than places, and some always do. */
const openBrowsers = (fleet: Fleet) =>
  createBrowsers({ fleet, calmUsers: ['ann', 'bob'], crowdedUsers: ['carl', 'dora'], perUser: 3 })

type Browsers = ReturnType<typeof openBrowsers>

/** No session that ended is there, no confirmed field is missing, and no user has too many sessions. */
async function expectPromises(fleet: Fleet, browsers: Browsers): Promise<void> {
  // A process that did not reach the server refuses what it has ended by itself, and repeats the end.
  await until('all ends are repeated', async () => (await browsers.countRevived()) === 0, 60_000)
  expect(browsers.faults).toEqual([])
  for (const user of browsers.users)
    expect(await fleet.send({ name: 'list', call: { user } })).toBeLessThanOrEqual(maxPerUser)
  await browsers.logOutAll()
  expect(await browsers.countRevived()).toBe(0)
  for (const user of browsers.users) expect(await fleet.send({ name: 'list', call: { user } })).toBe(0)
}

test('six processes that save, renew and end sessions at once lose no field, revive no session, and exceed no bound', async () => {
  await using server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] })
  await using fleet = await startSix({ url: server.url })
  const browsers = openBrowsers(fleet)
  const rounds: Readonly<Record<string, () => Promise<unknown>>> = {
    'nothing happens': () => sleep(roundTime),
    'processes are killed': async () => {
      for (let worker = 0; worker < size; worker += 1) {
        await sleep(roundTime / size)
        await fleet.replace(worker)
      }
    },
    'a process is frozen': () => fleet.freezeDuring(1, () => sleep(roundTime)),
    'the server is killed, with everything on its disk': async () => {
      await sleep(roundTime / 2)
      await server.revive()
      await sleep(roundTime / 2)
    },
    'the server forgets its scripts': async () => {
      await sleep(roundTime / 2)
      await server.command('SCRIPT', 'FLUSH')
      await sleep(roundTime / 2)
    },
  }
  for (const [name, happen] of Object.entries(rounds)) {
    await browsers.actDuring(hands, async () => void (await happen()))
    await expectPromises(fleet, browsers).catch((cause) => {
      throw new Error(`While ${name}: ${cause.message}`, { cause })
    })
  }
})

test('after a flush, no session of before is there for any of six processes', async () => {
  await using server = await startRedis()
  await using fleet = await startSix({ url: server.url })
  const browsers = openBrowsers(fleet)
  await browsers.actDuring(hands, () => sleep(roundTime))
  browsers.expectLosses()
  await server.command('FLUSHALL')
  browsers.endAll()
  await browsers.actDuring(hands, () => sleep(roundTime))
  await expectPromises(fleet, browsers)
})

test('after a failover by Sentinels, every session that ended stays ended for each of six processes', async () => {
  await using topology = await startSentinels()
  await using fleet = await startSix({ sentinels: topology.sentinels, name: topology.name })
  const browsers = openBrowsers(fleet)
  await browsers.actDuring(hands, async () => {
    await sleep(roundTime)
    browsers.expectLosses()
    await topology.failover()
    await sleep(roundTime)
  })
  // The replica may lack the last ends, which are repeated, and the last saves, which are not.
  browsers.faults.length = 0
  await until('all ends are repeated', async () => (await browsers.countRevived()) === 0, 60_000)
  browsers.faults.length = 0
  await browsers.logOutAll()
  await browsers.actDuring(hands, () => sleep(roundTime))
  await expectPromises(fleet, browsers)
})
