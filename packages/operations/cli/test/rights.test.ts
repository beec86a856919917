import { requiredCommands } from '@larder/redis'
import { type RedisServer, startRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { diagnose } from './support/findings'

const needed = requiredCommands.filter(({ use }) => use !== 'cluster').map(({ name }) => name)
const rightsBut = (...without: string[]) =>
  needed.filter((name) => !without.includes(name)).map((name) => `+${name}`)

let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.close())

/** Makes a user with these rights, and resolves to a URL with its name. */
async function urlOf(user: string, ...rights: string[]): Promise<string> {
  await server.command('ACL', 'SETUSER', user, 'reset', 'on', '>secret', '-@all', ...rights)
  return `redis://${user}:secret@${server.host}:${server.port}`
}

test('a user with the least rights passes, though not one that could ask about them', async () => {
  const url = await urlOf('least', '~larder:*', '&larder:*', ...rightsBut())
  const { code, of } = await diagnose(url)
  expect(of('rights')).toEqual({
    check: 'rights',
    status: 'ok',
    found: 'this user may do all that is needed',
  })
  expect(of('persistence')).toMatchObject({
    status: 'unknown',
    advice: expect.stringContaining('+config|get'),
  })
  expect(code).toBe(0)
})

test.each(needed.filter((name) => !['hello', 'auth', 'info', 'subscribe'].includes(name)))(
  'a user without %s fails, with the right to add',
  async (name) => {
    const url = await urlOf('weak', '~larder:*', '&larder:*', ...rightsBut(name))
    const { code, of } = await diagnose(url)
    expect(of('rights')).toMatchObject({
      status: 'fail',
      advice: `ACL SETUSER USER ~larder:* &larder:* +${name}`,
    })
    expect(of('rights').found).toContain(name.toUpperCase())
    expect(code).toBe(1)
  },
)

test('keys, channels, and listening are rights as well', async () => {
  const noKeys = await diagnose(await urlOf('weak', '~other:*', '&larder:*', ...rightsBut()))
  expect(noKeys.of('rights').found).toContain('HMGET larder:{shop}:head')
  const noChannels = await diagnose(await urlOf('weak', '~larder:*', '&other:*', ...rightsBut()))
  expect(noChannels.of('rights').found).toMatch(/may not: PUBLISH \S+, SUBSCRIBE \S+, SUBSCRIBE \S+$/)
  const noListening = await diagnose(await urlOf('weak', '~larder:*', '&larder:*', ...rightsBut('subscribe')))
  expect(noListening.of('rights').advice).toBe('ACL SETUSER USER ~larder:* &larder:* +subscribe')
})

test('what a server will not tell is unknown, and no failure', async () => {
  // The client says so as well.
  vi.spyOn(console, 'warn').mockReturnValue()
  const { of } = await diagnose(await urlOf('weak', '~larder:*', '&larder:*', ...rightsBut('info')))
  expect(of('version')).toMatchObject({ status: 'unknown', found: expect.stringContaining('NOPERM') })
})

test('--user checks the rights of another user', async () => {
  await urlOf('app', '~larder:*', '&larder:*', ...rightsBut('zadd', 'publish'))
  const weak = await diagnose(server.url, '--user', 'app')
  expect(weak.of('rights')).toMatchObject({
    status: 'fail',
    found: expect.stringMatching(/^the user "app" may not: PUBLISH \S+, ZADD \S+$/),
    advice: 'ACL SETUSER app ~larder:* &larder:* +publish +zadd',
  })
  await urlOf('app', '~larder:*', '&larder:*', ...rightsBut())
  expect((await diagnose(server.url, '--user', 'app')).of('rights').status).toBe('ok')
  expect((await diagnose(server.url, '--user', 'nobody')).of('rights').status).toBe('fail')
})

test('--user asked by someone who may not ask is unknown', async () => {
  const url = await urlOf('least', '~larder:*', '&larder:*', ...rightsBut())
  expect((await diagnose(url, '--user', 'app')).of('rights')).toMatchObject({ status: 'unknown' })
})

test('a wrong password is told without being repeated', async () => {
  const { code, findings } = await diagnose(`redis://least:wrong@${server.host}:${server.port}`)
  expect(findings).toMatchObject([{ check: 'connection', status: 'fail' }])
  expect(findings[0]?.found).toContain('it refuses the login')
  expect(JSON.stringify(findings)).not.toContain('wrong@')
  expect(code).toBe(1)
})
