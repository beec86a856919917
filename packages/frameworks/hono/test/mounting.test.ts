import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { type Context, Hono } from 'hono'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('httpCache works on one route, and on an application mounted at a path', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const countRuns = (c: Context) => {
    runs += 1
    return c.text(String(runs))
  }
  const jobs = new Hono()
  jobs.use(httpCache({ cache, routes: { '/jobs/:id': { ttl: '1m' } } }))
  jobs.get('/:id', countRuns)
  const app = new Hono()
  app.get('/prices', httpCache({ cache, ttl: '1m' }), countRuns)
  app.get('/other', countRuns)
  app.route('/jobs', jobs)
  const bodies = []
  for (const target of ['/prices', '/prices', '/jobs/1', '/jobs/1', '/jobs/2', '/other', '/other'])
    bodies.push(await (await app.request(target)).text())
  expect(bodies).toEqual(['1', '1', '2', '2', '3', '4', '5'])
})
