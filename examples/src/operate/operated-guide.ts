import { createServer } from 'node:http'
import { adminHandler } from '@larder/admin'
import { type Cache, createCache, type WarmTask } from '@larder/core'
import { configFromEnv } from '@larder/env'
import { httpCache, webHandler } from '@larder/express'
import { prometheusMetrics } from '@larder/metrics'
import { warmAtStart } from '@larder/warming'
import express from 'express'
import type { Query } from '../guide/database'
import { cachedGuide, type Guide, guideOn } from '../guide/guide'
import { routes } from '../http/routes'
import { listenOnLoopback, type Serving } from '../http/serving'

/** The cities that are asked for most. */
const capitals = Array.from({ length: 100 }, (_, at) => at + 1)

/**
 * The guide as one would run it: configured by the environment, warmed before it listens, measured by Prometheus at
 * `/metrics`, operated at `/larder`. Everybody may operate it, because it listens to this machine alone.
 */
export async function serveOperatedGuide(
  query: Query,
  port = 0,
): Promise<Serving & { readonly guide: Guide }> {
  const cache = createCache({ name: 'guide', ttl: '10m', ...configFromEnv() })
  const guide = cachedGuide(cache, guideOn(query))
  const warmUps = {
    capitals: () =>
      capitals.map(
        (id): WarmTask =>
          () =>
            guide.city(id),
      ),
  }
  const metrics = prometheusMetrics(cache)
  await warmAtStart(cache, warmUps.capitals(), { deadline: '5s' })

  const app = express()
  app.use(
    '/larder',
    webHandler(adminHandler({ caches: cache, authorize: () => true, showValues: true, warmUps })),
  )
  app.get('/metrics', (_req, res) => res.type(metrics.contentType).send(metrics.text()))
  app.use(httpCache({ cache, routes }))
  app.get('/cities/:id', async (req, res) => res.json(await guide.city(Number(req.params.id))))
  app.post('/cities/:id/votes', express.json(), async (req, res) => {
    res.status(201).json(await guide.vote(Number(req.params.id), req.body.stars))
  })
  return { ...closing(cache, await listenOnLoopback(createServer(app).listen(port, '127.0.0.1'))), guide }
}

/** Ends the cache with the server. */
function closing(cache: Cache, serving: Serving): Serving {
  return {
    port: serving.port,
    async close() {
      await serving.close()
      await cache.close()
    },
  }
}
