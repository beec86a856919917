import { type RedisOptions, type RedisServer, startRedis } from './server'

/** Registers a function to be run at a point of the test run, such as Vitest's `beforeAll`. */
type Hook = (run: () => Promise<void>) => void

/**
 * Starts a Redis server in one hook and closes it in the other: `beforeAll` and `afterAll` for one server per file,
 * `beforeEach` and `afterEach` for one per test. The server has its members while it runs.
 *
 * @example
 * ```ts
 * const server = provideRedis(beforeAll, afterAll)
 * test('a ping is answered', async () => expect(await server.command('PING')).toBe('PONG'))
 * ```
 */
export function provideRedis(before: Hook, after: Hook, options?: RedisOptions): RedisServer {
  const server = {} as RedisServer
  let running: RedisServer | undefined
  before(async () => {
    running = await startRedis(options)
    Object.defineProperties(server, membersOf(running))
  })
  after(async () => running?.close())
  return server
}

/** Including getters. Servers follow each other in one object, so that each replaces the members of the last one. */
function membersOf(server: RedisServer): PropertyDescriptorMap {
  const members = Object.entries(Object.getOwnPropertyDescriptors(server))
  return Object.fromEntries(members.map(([name, member]) => [name, { ...member, configurable: true }]))
}
