import { once } from 'node:events'
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { formatPercent } from '@larder/report'
import type { Query } from './guide/database'
import { cachedGuide, guideOn } from './guide/guide'
import { frameworks } from './http/frameworks'
import { atLeast, type Goal } from './report/goals'

const pages = 50
/** From one page to the next, so that they come from all countries. */
const distance = 800
/** How often a client that has a page asks for it again. */
const visits = 10

/** Measures how many bytes a server does not send, because its clients ask with the validator of the copy they have. */
export async function measureRevalidation(query: Query): Promise<Goal> {
  await using cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
  const serving = await frameworks.Express(cachedGuide(cache, guideOn(query)), cache)
  const whole = await askForAll(serving.port, () => undefined)
  const revalidated = await askForAll(serving.port, (at) => whole.headers[at]?.etag)
  await serving.close()
  const sent = whole.bytes + (visits - 1) * revalidated.bytes
  return atLeast(
    'bytes saved by clients that revalidate',
    0.7,
    1 - sent / (visits * whole.bytes),
    formatPercent,
  )
}

/**
 * Asks for every page over one connection, with the validator of the client's copy if it has one. `bytes`: everything that
 * was received, heads and bodies.
 */
async function askForAll(port: number, validatorOf: (at: number) => string | undefined) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers: IncomingHttpHeaders[] = []
  let bytes = 0
  for (let at = 0; at < pages; at += 1) {
    const validator = validatorOf(at)
    const conditions = validator === undefined ? {} : { 'if-none-match': validator }
    const sent = request({ agent, port, path: `/cities/${at * distance}`, headers: conditions }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const { socket } = response
    await once(response.resume(), 'end')
    headers.push(response.headers)
    bytes = socket.bytesRead
  }
  agent.destroy()
  return { headers, bytes }
}
