// needs: redis, openssl
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { type SecureRedis, startSecureRedis } from '../src/index'
import { tracesOf } from './support/alive'

/** A client configured with the URL and the certificate authority only. */
function clientOf({ url, ca }: SecureRedis): Redis {
  const client = new Redis(url, { tls: { ca }, retryStrategy: () => null })
  return client.on('error', () => undefined)
}

test('a client with the URL and the authority has exactly the permissions of the rules', async () => {
  await using server = await startSecureRedis(['~larder:*', '-@all', '+get', '+info'])
  const client = clientOf(server)
  expect(await client.get('larder:a')).toBeNull()
  await expect(client.get('other')).rejects.toThrow(/NOPERM/)
  await expect(client.set('larder:a', '1')).rejects.toThrow(/NOPERM/)
  client.disconnect()
})

test('a client without TLS, without the authority or without the password is rejected', async () => {
  await using server = await startSecureRedis()
  const { host, port } = server
  const strangers = [
    { tls: undefined, password: server.password },
    { tls: { ca: [] }, password: server.password },
    { tls: { ca: server.ca }, password: 'a guess' },
  ]
  for (const { tls, password } of strangers) {
    const options = { host, port, username: server.username, password, maxRetriesPerRequest: 0 }
    const client = new Redis({ ...options, ...(tls && { tls }), retryStrategy: () => null })
    client.on('error', () => undefined)
    await expect(client.get('a')).rejects.toThrow()
    client.disconnect()
  }
})

test('the user exists after a restart', async () => {
  await using server = await startSecureRedis()
  const { pid } = server
  await server.restart()
  expect(server.pid).not.toBe(pid)
  const client = clientOf(server)
  expect(await client.acl('WHOAMI')).toBe(server.username)
  client.disconnect()
})

test('startSecureRedis rejects unknown rules', async () => {
  await expect(startSecureRedis(['+no-such-command'])).rejects.toThrow(/no-such-command/)
})

test('close leaves no process and no folder behind', async () => {
  const server = await startSecureRedis()
  const traces = await tracesOf([server])
  await server.close()
  expect(traces()).toEqual([])
})
