// needs: redis
import { createConnection, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultyProxy, provideRedis, startProxy, until } from '../src/index'

const server = provideRedis(beforeAll, afterAll)
let proxy: FaultyProxy
let wire: ReturnType<typeof connect>

/** A connection that keeps all it receives. */
function connect(port: number) {
  const socket: Socket = createConnection(port, '127.0.0.1')
  const state = { received: '', isClosed: false }
  socket.on('data', (bytes) => {
    state.received += String(bytes)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    state.isClosed = true
  })
  return Object.assign(state, { socket, ask: (line: string) => void socket.write(`${line}\r\n`) })
}

const receives = (text: string) => until(`${JSON.stringify(text)} arrives`, () => wire.received === text)
const isSet = (key: string) =>
  until(`${key} is set`, async () => (await server.command('EXISTS', key)) === '1')

beforeEach(async () => {
  await server.command('FLUSHALL')
  proxy = await startProxy(server)
  wire = connect(proxy.port)
  wire.ask('PING')
  await receives('+PONG\r\n')
})
afterEach(() => proxy.close())

describe('traffic through the proxy', () => {
  test('is forwarded and counted', () => {
    expect(proxy.traffic).toEqual({ connections: 1, questions: 6, answers: 7 })
  })

  test('is delayed and stays in order, also when the delay ends', async () => {
    const start = performance.now()
    proxy.delay(100)
    wire.ask('ECHO first')
    await until('the answer is on its way', () => proxy.traffic.answers > 7)
    proxy.pass()
    wire.ask('ECHO second')
    await receives('+PONG\r\n$5\r\nfirst\r\n$6\r\nsecond\r\n')
    expect(performance.now() - start).toBeGreaterThanOrEqual(99)
  })

  test('waits during a partition, and arrives in order when it heals', async () => {
    proxy.cut()
    wire.ask('SET late 1')
    wire.ask('ECHO late')
    await until('the questions were there', () => proxy.traffic.questions > 18)
    expect(await server.command('EXISTS', 'late')).toBe('0')
    proxy.pass()
    await receives('+PONG\r\n+OK\r\n$4\r\nlate\r\n')
    expect(await server.command('EXISTS', 'late')).toBe('1')
    expect(wire.isClosed).toBe(false)
  })

  test('can be partitioned for replies only', async () => {
    proxy.cut('answers')
    wire.ask('SET a 1')
    await isSet('a')
    await until('the answer was there', () => proxy.traffic.answers > 7)
    expect(wire.received).toBe('+PONG\r\n')
  })

  test('can be partitioned for requests only', async () => {
    wire.ask('SUBSCRIBE news')
    await until('the subscription stands', () => wire.received.includes('subscribe'))
    proxy.cut('questions')
    wire.ask('UNSUBSCRIBE news')
    await until('the question was there', () => proxy.traffic.questions > 22)
    await server.command('PUBLISH', 'news', 'still heard')
    await until('the message arrives', () => wire.received.includes('still heard'))
  })
})

describe('a reply', () => {
  test('can be dropped, so that the next reply is matched to its request', async () => {
    proxy.swallowReply()
    wire.ask('ECHO lost')
    await until('the answer was there', () => proxy.traffic.answers > 7)
    wire.ask('ECHO next')
    await receives('+PONG\r\n$4\r\nnext\r\n')
  })

  test('can be sent twice, without affecting the next one', async () => {
    proxy.repeatReply()
    wire.ask('ECHO a')
    await receives('+PONG\r\n$1\r\na\r\n$1\r\na\r\n')
    wire.ask('PING')
    await receives('+PONG\r\n$1\r\na\r\n$1\r\na\r\n+PONG\r\n')
  })

  test('can be forged', async () => {
    proxy.inject('!garbage\r\n')
    await receives('+PONG\r\n!garbage\r\n')
  })
})

describe('connections', () => {
  test('are reset by refuse, and new ones too, until pass', async () => {
    proxy.refuse()
    await until('it is closed', () => wire.isClosed)
    const refused = connect(proxy.port)
    await until('the new one is closed', () => refused.isClosed)
    proxy.pass()
    wire = connect(proxy.port)
    wire.ask('PING')
    await receives('+PONG\r\n')
  })

  test('are reset once by reset, and new ones work', async () => {
    proxy.reset()
    await until('it is closed', () => wire.isClosed)
    wire = connect(proxy.port)
    wire.ask('PING')
    await receives('+PONG\r\n')
  })

  test('are closed when the server exits', async () => {
    await server.restart()
    await until('it is closed', () => wire.isClosed)
  })
})
