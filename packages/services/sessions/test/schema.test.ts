import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { systemClock } from '@larder/core'
import { startServer } from '@larder/servers'
import { type } from 'arktype'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { assembleSessions } from '../src/assemble-sessions'
import * as onExpress from '../src/express'
import { sessionStore } from '../src/express-session'
import * as onFastify from '../src/fastify'
import * as onHono from '../src/hono'
import { createLocalSessions, type Session, type Sessions } from '../src/index'
import { createMemorySessions } from '../src/store/memory-sessions'

const schemas = {
  zod: z.object({ cart: z.array(z.string()).default([]), theme: z.enum(['dark', 'light']).optional() }),
  valibot: v.object({
    cart: v.optional(v.array(v.string()), []),
    theme: v.optional(v.picklist(['dark', 'light'])),
  }),
  arktype: type({ cart: type('string[]').default(() => []), 'theme?': "'dark' | 'light'" }),
}

describe.each(Object.entries(schemas))('with a schema of %s', (_, schema) => {
  test('data has its defaults, and data that does not fit is an error that names the field', async () => {
    const sessions = createLocalSessions<{ cart: string[] }>({ schema })
    const session = await sessions.create({} as { cart: string[] })
    expect(session.data).toEqual({ cart: [] })
    session.data.cart = [1 as never]
    const refused = { code: 'UNSERIALIZABLE_VALUE', message: expect.stringMatching(/schema \(.*cart.0/s) }
    await expect(session.save()).rejects.toMatchObject(refused)
    await expect(session.renew('ann')).rejects.toMatchObject(refused)
    await expect(sessions.create({ cart: [1 as never] })).rejects.toMatchObject(refused)
    session.data.cart = ['tea']
    expect(await session.save()).toBe('saved')
    expect((await sessions.read(session.id))?.data).toEqual({ cart: ['tea'] })
  })
})

test('the type of the data is that of the schema', async () => {
  const sessions = createLocalSessions({ schema: schemas.zod })
  expectTypeOf(sessions).toEqualTypeOf<Sessions<z.infer<typeof schemas.zod>>>()
  expectTypeOf(createLocalSessions({ schema: schemas.valibot })).toEqualTypeOf<
    Sessions<v.InferOutput<typeof schemas.valibot>>
  >()
  expectTypeOf(createLocalSessions({ schema: schemas.arktype })).toEqualTypeOf<
    Sessions<typeof schemas.arktype.infer>
  >()
  expectTypeOf(createLocalSessions()).toEqualTypeOf<Sessions<Record<string, unknown>>>()
})

/** Sessions of one application before and after a change of its schema: they share a store. */
function openVersions<T extends object>(options: Parameters<typeof createLocalSessions<T>>[0]) {
  const times = { idle: 86_400_000, absolute: 86_400_000, precision: 60_000 }
  const store = createMemorySessions({ clock: systemClock, times, onConflict: 'last' })
  const open = <U extends object>(given: Parameters<typeof createLocalSessions<U>>[0] = {}) =>
    assembleSessions<U>({
      name: 'shop',
      store,
      clock: systemClock,
      options: given,
      foreign: undefined,
      readCircuit: () => 'closed',
      close: () => undefined,
    })
  return { before: open<Record<string, unknown>>(), after: open<T>(options) }
}

const named = z.object({ first: z.string(), last: z.string() })

describe('a session whose data does not fit', () => {
  test('is no session, is counted, and can still be ended', async () => {
    const { before, after } = openVersions({ schema: named })
    const { id } = await before.create({ name: 'Ann Lee' }, { user: 'ann' })
    expect(await after.read(id)).toBeUndefined()
    expect(after.stats()).toMatchObject({ found: 0, missing: 0, unreadable: 1 })
    expect((await before.read(id))?.data).toEqual({ name: 'Ann Lee' })
    expect(await after.revoke(id)).toBe(true)
  })

  test('is one after its migration, which the next save writes as a whole', async () => {
    const migrate = (old: unknown) => {
      const [first, last] = String((old as { name?: string }).name).split(' ')
      return { first, last }
    }
    const { before, after } = openVersions({ schema: named, migrate })
    const { id } = await before.create({ name: 'Ann Lee' })
    const session = (await after.read(id)) as Session<z.infer<typeof named>>
    expect(session.data).toEqual({ first: 'Ann', last: 'Lee' })
    session.data.last = 'Ray'
    expect(await session.save()).toBe('saved')
    expect((await before.read(id))?.data).toEqual({ first: 'Ann', last: 'Ray' })
  })

  test('is no session either if the migration fails', async () => {
    const migrate = () => {
      throw new Error('unknown version')
    }
    const { before, after } = openVersions({ schema: named, migrate })
    const { id } = await before.create({ name: 'Ann Lee' })
    expect(await after.read(id)).toBeUndefined()
  })
})

const secrets = 's'.repeat(32)

describe('middleware', () => {
  const sessions = createLocalSessions({ schema: schemas.zod })
  /** Shows the type in each framework: `cart` is a list of texts. */
  const add = ({ data }: { data: { cart: string[] } }) => data.cart.push('tea')

  async function expectTypedSession(url: string): Promise<void> {
    const look = await fetch(`${url}/look`, { headers: { connection: 'close' } })
    expect([await look.text(), look.headers.getSetCookie()]).toEqual(['0', []])
    const first = await fetch(`${url}/add`, { headers: { connection: 'close' } })
    const [cookie = ''] = first.headers.getSetCookie()
    expect(await first.text()).toBe('1')
    const second = await fetch(`${url}/add`, {
      headers: { connection: 'close', cookie: cookie.split(';')[0] ?? '' },
    })
    expect(await second.text()).toBe('2')
  }

  test('of Express gives a visitor the defaults of the schema, and stores them only with data', async () => {
    const app = express()
    app.use(onExpress.loadSessions(sessions, { secrets }))
    app.get('/look', (req, res) => void res.send(String(onExpress.sessionOf(req, sessions).data.cart.length)))
    app.get('/add', (req, res) => void res.send(String(add(onExpress.sessionOf(req, sessions)))))
    await using server = await startServer(createServer(app))
    await expectTypedSession(`http://127.0.0.1:${server.port}`)
  })

  test('of Fastify does the same', async () => {
    const app = fastify()
    await app.register(onFastify.loadSessions(sessions, { secrets }))
    app.get('/look', async (request) => String(onFastify.sessionOf(request, sessions).data.cart.length))
    app.get('/add', async (request) => String(add(onFastify.sessionOf(request, sessions))))
    await expectTypedSession(await app.listen({ port: 0, host: '127.0.0.1' }))
    await app.close()
  })

  test('of Hono does the same', async () => {
    const app = new Hono()
    app.use(onHono.loadSessions(sessions, { secrets }))
    app.get('/look', (c) => c.text(String(onHono.sessionOf(c, sessions).data.cart.length)))
    app.get('/add', (c) => c.text(String(add(onHono.sessionOf(c, sessions)))))
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    await expectTypedSession(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.close()
  })

  test('finds the session of the sessions that are asked for, and says if there is none', async () => {
    const others = createLocalSessions()
    const app = new Hono()
    app.use(onHono.loadSessions(sessions, { secrets }))
    app.use(onHono.loadSessions(others, { secrets, cookieName: 'others' }))
    app.get('/', (c) => c.json([sessions, others].map((of) => onHono.sessionOf(c, of as Sessions).data)))
    app.get('/unknown', (c) => c.json(onHono.sessionOf(c, createLocalSessions()).data))
    app.onError((error, c) => c.text((error as Error & { code?: string }).code ?? ''))
    expect(await (await app.request('/')).json()).toEqual([{ cart: [] }, {}])
    expect(await (await app.request('/unknown')).text()).toBe('BAD_ARGUMENT')
  })

  test('refuses a schema that does not accept the empty data of a visitor', () => {
    const strict = createLocalSessions({ schema: named })
    expect(() => onExpress.loadSessions(strict, { secrets })).toThrow(
      /a visitor begins with empty data.*first: .*Give these fields a default/s,
    )
  })

  test('of another library is refused with a schema: it keeps its own fields in the data', () => {
    expect(() => sessionStore(sessions as Sessions)).toThrow(/sessionStore takes sessions without a schema/)
  })
})

test('something else than a schema is refused at definition', () => {
  expect(() => createLocalSessions({ schema: {} as never })).toThrow(/schema must be a Standard Schema/)
})
