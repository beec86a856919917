// needs: redis
import { createRateLimiter } from '@larder/rate-limit'
import { provideRedis } from '@larder/servers'
import { createSessions } from '@larder/sessions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDoctor } from './support/findings'

const server = provideRedis(beforeAll, afterAll)

const sessionCommands =
  'hello auth info eval evalsha time get mget set del pexpire pttl zadd zcard zcount zrange zrem zremrangebyscore'
const limitCommands =
  'hello auth info eval evalsha time exists mget getrange setrange append set del pttl pexpire lindex lpop llen rpush ltrim unlink'

const services = [
  { check: 'sessions rights', pattern: '~larder:session:*', commands: sessionCommands.split(' ') },
  { check: 'limits rights', pattern: '~larder:limit:*', commands: limitCommands.split(' ') },
] as const

/** Creates a user with exactly these rights. Resolves to a URL that logs in as this user. */
async function createUser(user: string, ...rights: string[]): Promise<string> {
  await server.command('ACL', 'SETUSER', user, 'reset', 'on', '>secret', '-@all', ...rights)
  return `redis://${user}:secret@${server.host}:${server.port}`
}

const allow = (names: readonly string[]) => names.map((name) => `+${name}`)

test('no rights of services are checked on a server without services', async () => {
  const { findings } = await runDoctor(server.url)
  expect(findings.filter(({ check }) => check.endsWith(' rights'))).toEqual([])
})

describe('on a server with sessions and limits', () => {
  beforeAll(async () => {
    const options = { name: 'shop', url: server.url, storeTimeout: '20s' } as const
    await using limiter = createRateLimiter({
      ...options,
      policies: [{ name: 'per-minute', limit: 100, window: '1m' }],
    })
    await limiter.consume('ann')
    await using sessions = createSessions(options)
    await sessions.create({}, { user: 'ann' })
  })

  describe.each(services)('$check', ({ check, pattern, commands }) => {
    test('are those of the README: a user with them is told so', async () => {
      const { findingOf } = await runDoctor(await createUser('service', pattern, ...allow(commands)))
      expect(findingOf(check)).toMatchObject({ status: 'ok' })
    })

    test.each(commands.filter((name) => !['hello', 'auth', 'info'].includes(name)))(
      'name %s to a user without it, and to an administrator who asks for that user',
      async (name) => {
        const rest = commands.filter((other) => other !== name)
        const url = await createUser('service', pattern, ...allow(rest), '+acl|whoami')
        const expected = {
          status: 'warn',
          found: expect.stringContaining(`the user may not run ${name.toUpperCase()}: if`),
          advice: expect.stringMatching(
            `^ACL SETUSER service ${pattern.replace(/[*]/, '\\*')} \\+${name}, or`,
          ),
        }
        expect((await runDoctor(url)).findingOf(check)).toMatchObject(expected)
        expect((await runDoctor(server.url, '--user', 'service')).findingOf(check)).toMatchObject(expected)
      },
    )

    test('name every command with a key to a user who has no right to the keys', async () => {
      const url = await createUser('service', '~other:*', ...allow(commands))
      const { found } = (await runDoctor(url)).findingOf(check)
      expect(found).toContain('EVALSHA')
      expect(found).not.toContain('TIME')
    })
  })

  test('checking changes nothing on the server', async () => {
    const before = await server.command('DBSIZE')
    await runDoctor(server.url)
    expect(await server.command('DBSIZE')).toBe(before)
  })
})
