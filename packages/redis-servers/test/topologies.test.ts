import { createConnection } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startCluster, startProxy, startRedis, startSecureRedis, startSentinels, until } from '../src/index'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a single server', () => {
  test('answers, comes back empty after a crash, and leaves no process behind', async () => {
    const server = await startRedis()
    expect(await server.command('SET', 'a', '1')).toBe('OK')
    const { pid } = server
    await server.restart()
    expect(isAlive(pid)).toBe(false)
    expect(await server.command('GET', 'a')).toBe('')
    await server.close()
    expect(isAlive(server.pid)).toBe(false)
  })

  test('counts the commands it has processed', async () => {
    await using server = await startRedis()
    await server.command('SET', 'a', '1')
    expect((await server.commands()).set).toBe(1)
  })

  test('ends by its own pid while it is frozen', async () => {
    const server = await startRedis()
    server.stop()
    await server.close()
    expect(isAlive(server.pid)).toBe(false)
  })
})

test('a cluster serves keys of every slot and says who owns them', async () => {
  await using cluster = await startCluster()
  const owners = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => cluster.primaryOf(key)))
  expect(new Set(owners.map(({ port }) => port)).size).toBeGreaterThan(1)
  expect(await owners[0]?.command('SET', 'a', '1')).toBe('OK')
})

test('Sentinels replace a primary that was killed', async () => {
  await using topology = await startSentinels()
  const before = await topology.primary()
  await before.kill()
  await until('another server is the primary', async () => (await topology.primary()).port !== before.port)
})

test('a secure server refuses plain connections and what its user may not do', async () => {
  await using server = await startSecureRedis(['~larder:*', '+get'])
  expect(server.ca).toContain('BEGIN CERTIFICATE')
  const as = ['--user', server.username, '--pass', server.password]
  expect(await server.command(...as, 'GET', 'larder:a')).toBe('')
  expect(await server.command(...as, 'GET', 'other')).toMatch(/NOPERM/)
})

test('a proxy passes bytes until it is told not to', async () => {
  await using server = await startRedis()
  await using proxy = await startProxy(server)
  const socket = createConnection(proxy.port, '127.0.0.1')
  let received = ''
  let isClosed = false
  socket.on('data', (bytes) => {
    received += String(bytes)
  })
  socket
    .on('error', () => undefined)
    .on('close', () => {
      isClosed = true
    })
  socket.write('PING\r\n')
  await until('the answer has passed', () => received === '+PONG\r\n')
  proxy.mute()
  socket.write('SET a 1\r\n')
  await until('the question has passed', async () => (await server.command('GET', 'a')) === '1')
  expect(received).toBe('+PONG\r\n')
  proxy.refuse()
  await until('the connection is reset', () => isClosed)
})
