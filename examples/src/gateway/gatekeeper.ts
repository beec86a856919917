import type { RateLimiter } from '@larder/rate-limit'
import type { Sessions } from '@larder/sessions'
import { loadSessions, sessionOf } from '@larder/sessions/express'
import express, { type Express } from 'express'

interface GatekeeperOptions {
  readonly sessions: Sessions
  readonly limiter: RateLimiter
  readonly secret: string
}

/** Decides for nginx whether a request goes on: by its session, and by the limit of its user. */
export function createGatekeeper({ sessions, limiter, secret }: GatekeeperOptions): Express {
  const app = express()
  // nginx and this process talk over the loopback; with https before nginx, leave out `secure`.
  app.use(loadSessions(sessions, { secrets: [secret], secure: false }))

  app.post('/session/:user', async (req, res) => {
    await sessionOf(req).renew(`user:${req.params.user}`)
    res.sendStatus(204)
  })
  app.delete('/session', async (req, res) => {
    await sessionOf(req).revoke()
    res.sendStatus(204)
  })
  app.get('/admission', async (req, res) => {
    const { user } = sessionOf(req)
    if (user === undefined) return res.sendStatus(401)
    const { allowed, retryAfter } = await limiter.consume(user)
    res.set('X-User', user)
    if (!allowed) res.set('Retry-After', String(Math.ceil(retryAfter / 1_000)))
    return res.sendStatus(allowed ? 204 : 403)
  })
  return app
}
