// needs: redis
import { describe, expect, test, vi } from 'vitest'
import { countCommands, startRedis } from '../src/index'
import { freePort } from '../src/processes/free-port'
import { isAlive, tracesOf } from './support/alive'

vi.mock('../src/processes/free-port', { spy: true })

describe('a server', () => {
  test('listens on the loopback, persists no data, and accepts directives', async () => {
    await using server = await startRedis({
      args: ['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru'],
    })
    const settings = await server.command('CONFIG', 'GET', 'bind', 'save', 'appendonly', 'maxmemory*')
    expect(settings.split('\n')).toEqual(
      expect.arrayContaining(['127.0.0.1', 'no', '3145728', 'allkeys-lru']),
    )
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`)
  })

  test('rejects with its output if it does not start', async () => {
    await expect(startRedis({ args: ['--maxmemory-policy', 'no-such-policy'] })).rejects.toThrow(
      /no-such-policy/,
    )
  })

  test('leaves no process and no folder behind', async () => {
    const server = await startRedis()
    const traces = await tracesOf([server])
    expect(traces()).toHaveLength(2)
    await server.close()
    expect(traces()).toEqual([])
  })

  test('uses another port if a different process has taken the first one', async () => {
    await using stranger = await startRedis()
    const other = await freePort()
    vi.mocked(freePort).mockResolvedValueOnce(stranger.port).mockResolvedValueOnce(other)
    await using server = await startRedis()
    expect(server.port).toBe(other)
  })
})

describe('a server under faults', () => {
  test('is gone after kill, and empty after restart, with the same port and a new process', async () => {
    await using server = await startRedis()
    const { pid } = server
    await server.command('SET', 'a', '1')
    await server.kill()
    expect(isAlive(pid)).toBe(false)
    await expect(server.command('PING')).rejects.toThrow()
    await server.restart()
    expect(server.pid).not.toBe(pid)
    expect(await server.command('GET', 'a')).toBe('')
  })

  test('keeps its data with restartWithData, and is empty after restart', async () => {
    await using server = await startRedis()
    await server.command('SET', 'a', '1')
    await server.restartWithData()
    expect(await server.command('GET', 'a')).toBe('1')
    await server.restart()
    expect(await server.command('GET', 'a')).toBe('')
  })

  test.each([
    ['snapshots', []],
    ['an append-only file', ['--appendonly', 'yes', '--appendfsync', 'always']],
  ])('forgets what was written after a backup of %s, once it is restored', async (_, args) => {
    await using server = await startRedis({ args })
    await server.command('SET', 'a', '1')
    const backup = await server.backUp()
    await server.command('SET', 'a', '2')
    await backup.restore()
    backup.remove()
    expect(await server.command('GET', 'a')).toBe('1')
  })

  test('sends no reply while stopped, and replies when resumed', async () => {
    await using server = await startRedis()
    await using other = await startRedis()
    server.stop()
    let answer = ''
    const asked = server.command('PING').then((text) => {
      answer = text
    })
    for (let at = 0; at < 5; at += 1) await other.command('PING')
    expect(answer).toBe('')
    server.resume()
    await asked
    expect(answer).toBe('PONG')
  })

  test('can be closed while stopped', async () => {
    const server = await startRedis()
    const traces = await tracesOf([server])
    server.stop()
    await server.close()
    expect(traces()).toEqual([])
  })
})

test('countCommands counts commands by name, including those of scripts, without its own', async () => {
  await using server = await startRedis()
  await server.command('SET', 'a', '0')
  const counts = await countCommands(server, async () => {
    await server.command('SET', 'a', '1')
    await server.command('EVAL', 'return redis.call("GET", KEYS[1])', '1', 'a')
    await server.command('INFO', 'server')
  })
  expect(counts).toEqual({ set: 1, eval: 1, get: 1, info: 1 })
  expect(await countCommands(server, async () => undefined)).toEqual({})
})
