// needs: redis
import { requiredCommands } from '@larder/redis'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runDoctor } from './support/findings'

const requiredNames = requiredCommands.filter(({ use }) => use !== 'cluster').map(({ name }) => name)
const rightsWithout = (...removed: string[]) =>
  requiredNames.filter((name) => !removed.includes(name)).map((name) => `+${name}`)

const server = provideRedis(beforeAll, afterAll)

/** Creates a user with exactly these rights. Resolves to a URL that logs in as this user. */
async function createUser(user: string, ...rights: string[]): Promise<string> {
  await server.command('ACL', 'SETUSER', user, 'reset', 'on', '>secret', '-@all', ...rights)
  return `redis://${user}:secret@${server.host}:${server.port}`
}

test('a user with exactly the required rights passes, even without the right to query rights', async () => {
  const url = await createUser('least', '~larder:*', '&larder:*', ...rightsWithout())
  const { code, findingOf } = await runDoctor(url)
  expect(findingOf('rights')).toEqual({
    check: 'rights',
    status: 'ok',
    found: 'this user has all required rights',
  })
  expect(findingOf('persistence')).toMatchObject({
    status: 'unknown',
    advice: expect.stringContaining('+config|get'),
  })
  expect(code).toBe(0)
})

test.each(requiredNames.filter((name) => !['hello', 'auth', 'info', 'subscribe'].includes(name)))(
  'a user without %s fails, with the right to add',
  async (name) => {
    const url = await createUser('weak', '~larder:*', '&larder:*', ...rightsWithout(name))
    const { code, findingOf } = await runDoctor(url)
    expect(findingOf('rights')).toMatchObject({
      status: 'fail',
      advice: `ACL SETUSER weak ~larder:* &larder:* +${name}`,
    })
    expect(findingOf('rights').found).toContain(name.toUpperCase())
    expect(code).toBe(1)
  },
)

test('missing rights to keys, to channels and to SUBSCRIBE are found too', async () => {
  const noKeys = await runDoctor(await createUser('weak', '~other:*', '&larder:*', ...rightsWithout()))
  expect(noKeys.findingOf('rights').found).toContain('HMGET larder:{shop}:head')
  const noChannels = await runDoctor(await createUser('weak', '~larder:*', '&other:*', ...rightsWithout()))
  expect(noChannels.findingOf('rights').found).toMatch(
    /may not run: PUBLISH \S+, SUBSCRIBE \S+, SUBSCRIBE \S+$/,
  )
  const noSubscribe = await runDoctor(
    await createUser('weak', '~larder:*', '&larder:*', ...rightsWithout('subscribe')),
  )
  expect(noSubscribe.findingOf('rights').advice).toBe('ACL SETUSER weak ~larder:* &larder:* +subscribe')
})

test('a check that the server refuses to answer is unknown, not failed', async () => {
  // ioredis also warns that INFO is refused.
  vi.spyOn(console, 'warn').mockReturnValue()
  const { findingOf } = await runDoctor(
    await createUser('weak', '~larder:*', '&larder:*', ...rightsWithout('info')),
  )
  expect(findingOf('version')).toMatchObject({ status: 'unknown', found: expect.stringContaining('NOPERM') })
})

test('--user checks the rights of another user', async () => {
  await createUser('app', '~larder:*', '&larder:*', ...rightsWithout('zadd', 'publish'))
  const weak = await runDoctor(server.url, '--user', 'app')
  expect(weak.findingOf('rights')).toMatchObject({
    status: 'fail',
    found: expect.stringMatching(/^the user "app" may not run: PUBLISH \S+, ZADD \S+$/),
    advice: 'ACL SETUSER app ~larder:* &larder:* +publish +zadd',
  })
  await createUser('app', '~larder:*', '&larder:*', ...rightsWithout())
  expect((await runDoctor(server.url, '--user', 'app')).findingOf('rights').status).toBe('ok')
  expect((await runDoctor(server.url, '--user', 'nobody')).findingOf('rights').status).toBe('fail')
})

test('--user without the right to query rights is unknown', async () => {
  const url = await createUser('least', '~larder:*', '&larder:*', ...rightsWithout())
  expect((await runDoctor(url, '--user', 'app')).findingOf('rights')).toMatchObject({ status: 'unknown' })
})

test('a wrong password is reported without showing it', async () => {
  const { code, findings } = await runDoctor(`redis://least:wrong@${server.host}:${server.port}`)
  expect(findings).toMatchObject([{ check: 'connection', status: 'fail' }])
  expect(findings[0]?.found).toContain('it refuses the login')
  expect(JSON.stringify(findings)).not.toContain('wrong@')
  expect(code).toBe(1)
})
