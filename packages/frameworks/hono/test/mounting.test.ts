import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type Context, Hono } from 'hono'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('the cache can stand before one route, and before an application under a path', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const count = (c: Context) => {
    runs += 1
    return c.text(String(runs))
  }
  const jobs = new Hono()
  jobs.use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
  jobs.get('/:id', count)
  const app = new Hono()
  app.get('/prices', httpCache({ cache, ttl: '1m' }), count)
  app.get('/other', count)
  app.route('/jobs', jobs)
  const bodies = []
  for (const target of ['/prices', '/prices', '/jobs/1', '/jobs/1', '/jobs/2', '/other', '/other'])
    bodies.push(await (await app.request(target)).text())
  expect(bodies).toEqual(['1', '1', '2', '2', '3', '4', '5'])
})
