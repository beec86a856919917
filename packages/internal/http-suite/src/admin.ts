import { once } from 'node:events'
import { request } from 'node:http'
import { sendRequest } from '@larder/testing/http'
import { expect, test } from 'vitest'
import { awkwardKeys } from './shop-admin'

/** Starts an application with the handler of `createShopAdmin` mounted below `/larder`. */
export type StartAdmin = () => Promise<AsyncDisposable & { readonly port: number }>

const json = { 'content-type': 'application/json' }

/** Tests that a framework mounts the admin handler correctly. */
export function adminSuite(start: StartAdmin): void {
  test('the admin handler answers below its path and nowhere else', async () => {
    await using app = await start()
    expect(JSON.parse((await sendRequest(app.port, '/larder/stats')).body).name).toBe('shop')
    expect((await sendRequest(app.port, '/larder')).headers['content-type']).toContain('text/html')
    expect((await sendRequest(app.port, '/larder/')).headers['content-security-policy']).toContain(
      "default-src 'none'",
    )
    expect((await sendRequest(app.port, '/stats')).status).toBe(404)
    expect((await sendRequest(app.port, '/larder/nothing')).status).toBe(404)
  })

  test('the admin handler finds keys with any characters', async () => {
    await using app = await start()
    for (const key of awkwardKeys) {
      const { body } = await sendRequest(app.port, `/larder/keys/${encodeURIComponent(key)}`)
      expect(JSON.parse(body).key).toBe(key)
    }
  })

  test('the admin handler receives the bodies of requests', async () => {
    await using app = await start()
    const { status, body } = await sendRequest(app.port, '/larder/invalidate', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ tags: ['t'] }),
    })
    expect([status, JSON.parse(body).outcome]).toEqual([200, 'applied'])
  })

  test('the admin handler streams events until the client disconnects', async () => {
    await using app = await start()
    const live = request({ port: app.port, host: '127.0.0.1', path: '/larder/live' }).end()
    const [response] = await once(live, 'response')
    let text = ''
    response.on('data', (chunk: Buffer) => {
      text += chunk
    })
    await expect.poll(() => text).toContain('event: state')
    await sendRequest(app.port, '/larder/invalidate', {
      method: 'POST',
      headers: json,
      body: '{"tags":["live"]}',
    })
    await expect.poll(() => text).toContain('"name":"live"')
    live.destroy()
  })
}
