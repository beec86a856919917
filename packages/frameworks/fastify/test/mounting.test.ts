import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import fastify, { type FastifyPluginAsync } from 'fastify'
import { expect, test } from 'vitest'
import { httpCache } from '../src/index'

test('httpCache registered in a plugin covers only its routes, and each plugin can have its own rules', async () => {
  const cache = createCache({ name: 'test', store: memoryStore() })
  let runs = 0
  const countRuns = async () => {
    runs += 1
    return String(runs)
  }
  const app = fastify()
  app.get('/other', countRuns)
  const prices: FastifyPluginAsync = async (part) => {
    await part.register(httpCache, { cache, ttl: '1m' })
    part.get('/prices', countRuns)
  }
  const jobs: FastifyPluginAsync = async (part) => {
    await part.register(httpCache, { cache, routes: { '/jobs/:id': { ttl: '1m' } } })
    part.get('/jobs/:id', countRuns)
  }
  await app.register(prices)
  await app.register(jobs)
  const bodies = []
  for (const url of ['/prices', '/prices', '/jobs/1', '/jobs/1', '/jobs/2', '/other', '/other'])
    bodies.push((await app.inject(url)).body)
  expect(bodies).toEqual(['1', '1', '2', '2', '3', '4', '5'])
  await app.close()
})
