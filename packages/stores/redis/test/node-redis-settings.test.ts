import { createCluster, createSentinel } from 'redis'
import { createCluster as createCluster5 } from 'redis-5'
import { describe, expect, test } from 'vitest'
import { addressIn, settingsOf, toLogin } from '../src/node-redis-settings'

describe('the settings of node-redis', () => {
  test('are those that createCluster was given', () => {
    const settings = { rootNodes: [{ url: 'redis://10.0.0.1:7000' }], defaults: { username: 'larder' } }
    for (const client of [createCluster5(settings), createCluster(settings)])
      expect(settingsOf(client)).toMatchObject(settings)
  })

  test('are those that createSentinel was given, also with other options of commands', () => {
    const settings = { name: 'primary', sentinelRootNodes: [{ host: '10.0.0.1', port: 26_379 }] }
    const client = createSentinel({ ...settings, nodeClientOptions: { password: 'secret' } })
    for (const given of [client, client.withCommandOptions({})])
      expect(settingsOf(given)).toMatchObject({ ...settings, nodeClientOptions: { password: 'secret' } })
  })

  test('name an address by a URL, by a socket, or by what node-redis connects to without either', () => {
    expect(addressIn({ url: 'rediss://ann:secret@db.example:7000/0' })).toEqual({
      host: 'db.example',
      port: 7_000,
    })
    expect(addressIn({ socket: { host: '10.0.0.1', port: 7_001 } })).toEqual({
      host: '10.0.0.1',
      port: 7_001,
    })
    expect(addressIn({ url: 'redis://[::1]' })).toEqual({ host: '::1', port: 6_379 })
    expect(addressIn({})).toEqual({ host: '127.0.0.1', port: 6_379 })
  })

  test('become a login of ioredis, with the password of a URL decoded and the options of TLS', () => {
    expect(toLogin({ url: 'rediss://ann:a%2Fb@db.example', database: 2 })).toEqual({
      username: 'ann',
      password: 'a/b',
      db: 2,
      tls: {},
    })
    const socket = { tls: true, ca: 'certificate', host: 'db.example', reconnectStrategy: false }
    expect(toLogin({ username: 'bob', name: 'shop', socket })).toEqual({
      username: 'bob',
      connectionName: 'shop',
      tls: { ca: 'certificate' },
    })
    expect(toLogin({})).toEqual({})
  })
})
