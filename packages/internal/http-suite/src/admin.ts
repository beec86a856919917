import { once } from 'node:events'
import { request } from 'node:http'
import { until } from '@larder/servers'
import { expect, test } from 'vitest'
import { send } from './client'

/** An application with the admin handler of a cache named `shop` below `/larder`, open to everybody. */
export type StartAdmin = () => Promise<AsyncDisposable & { readonly port: number }>

const json = { 'content-type': 'application/json' }

/** What mounting the admin handler in one line promises. */
export function adminSuite(start: StartAdmin): void {
  test('the admin handler answers below its path, and nowhere else', async () => {
    await using app = await start()
    expect(JSON.parse((await send(app.port, '/larder/stats')).body).name).toBe('shop')
    expect((await send(app.port, '/larder')).headers['content-type']).toContain('text/html')
    expect((await send(app.port, '/larder/')).headers['content-security-policy']).toContain(
      "default-src 'none'",
    )
    expect((await send(app.port, '/stats')).status).toBe(404)
    expect((await send(app.port, '/larder/nothing')).status).toBe(404)
  })

  test('keys are found whatever characters they hold', async () => {
    await using app = await start()
    for (const key of ['a/b', 'a b?c#d', 'ä%20'])
      expect(JSON.parse((await send(app.port, `/larder/keys/${encodeURIComponent(key)}`)).body).key).toBe(key)
  })

  test('bodies reach it', async () => {
    await using app = await start()
    const body = JSON.stringify({ tags: ['t'] })
    const { status, body: answer } = await send(app.port, '/larder/invalidate', {
      method: 'POST',
      headers: json,
      body,
    })
    expect([status, JSON.parse(answer).outcome]).toEqual([200, 'applied'])
  })

  test('events come as they happen, and end with the client', async () => {
    await using app = await start()
    const live = request({ port: app.port, host: '127.0.0.1', path: '/larder/live' }).end()
    const [response] = await once(live, 'response')
    let text = ''
    response.on('data', (chunk: Buffer) => {
      text += chunk
    })
    await until('the state has come', () => text.includes('event: state'))
    await send(app.port, '/larder/invalidate', { method: 'POST', headers: json, body: '{"tags":["live"]}' })
    await until('the invalidation has come', () => text.includes('"name":"live"'))
    live.destroy()
  })
}
