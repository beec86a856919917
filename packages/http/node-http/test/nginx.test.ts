// needs: nginx
// tier: slow
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  differentialSuite,
  isAbandoned,
  nodeHandlers,
  withoutAnswer,
  withoutFraming,
} from '@larder/http-suite'
import { type NginxServer, startNginx } from '@larder/servers'
import { afterAll, beforeAll, describe } from 'vitest'
import { createNotingServer } from './support/differential'

const keepAlive = 'proxy_http_version 1.1; proxy_set_header Connection "";'

/** Ways in which nginx passes responses on. */
const ways = {
  'that buffers responses': '',
  'that keeps its connections to the application': keepAlive,
  'that buffers nothing': `${keepAlive} proxy_buffering off;`,
  'that caches what it may': `${keepAlive} proxy_cache responses; proxy_cache_valid any 1m;`,
}

/** nginx 1.22 takes an interim response for the response itself, and waits for the end of that. */
const interim = ['head: early hints first', 'head: processing first']

const unanswered = new Set([...interim, withoutAnswer])

const handlers = [...nodeHandlers.keys()].filter(
  (handler) => !isAbandoned(handler) && !unanswered.has(handler),
)

describe.each(Object.entries(ways))('behind an nginx %s', (way, directives) => {
  let nginx: NginxServer
  beforeAll(async () => {
    nginx = await startNginx(directives)
  })
  afterAll(() => nginx[Symbol.asyncDispose]())

  differentialSuite({
    handlers,
    pairs: [['nothing', 'nothing']],
    normalise: withoutFraming,
    async start(combination, options) {
      const { server, takeNotes } = createNotingServer(combination, options)
      const { port, upstream, cacheFolder } = nginx
      await once(server.listen(upstream), 'listening')
      return {
        port,
        // Which requests reach the application is up to a cache in front of it.
        takeNotes: way === 'that caches what it may' ? () => [] : takeNotes,
        async close() {
          server.closeAllConnections()
          await once(server.close(), 'close')
          for (const name of readdirSync(cacheFolder)) rmSync(join(cacheFolder, name), { recursive: true })
        },
      }
    },
  })
})
