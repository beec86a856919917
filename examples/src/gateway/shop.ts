import type { Cache } from '@larder/core'
import express, { type Express } from 'express'

/** Prices, as a database holds them. */
export interface Prices {
  read(id: string): Promise<number>
  write(id: string, cents: number): Promise<void>
}

/** Creates one of the instances behind the gateway: each request was admitted for the user that `X-User` names. */
export function createShop(cache: Cache, prices: Prices): Express {
  const app = express()
  const readPrice = cache.wrap((id: string) => prices.read(id), {
    name: 'price',
    tags: ([id]) => [`price:${id}`],
  })
  app.get('/prices/:id', async (req, res) => {
    res.json({ cents: await readPrice(req.params.id), user: req.get('X-User') })
  })
  app.put('/prices/:id/:cents', async (req, res) => {
    const { id, cents } = req.params
    await prices.write(id, Number(cents))
    await cache.invalidate(`price:${id}`)
    res.sendStatus(204)
  })
  return app
}
