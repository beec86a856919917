import type { Cache } from '@larder/core'
import { readString, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import { enumOf, objectOf, string } from '../openapi/schema'

/** Validity of a confirmation, in ms. */
const confirmationTtl = 60_000

/** Clearing, in two requests. */
export const clearRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'clear',
    action: 'clear',
    summary:
      'Invalidates every entry. The first request returns a confirmation; a second one that sends it within a minute clears the cache.',
    body: objectOf({ 'confirm?': string }),
    response: {
      oneOf: [
        objectOf({ confirm: string, effect: string }),
        objectOf({ outcome: enumOf('applied', 'queued'), 'token?': string }),
      ],
    },
    handleRequest: clearCache,
  },
]

async function clearCache(request: AdminRequest): Promise<Response> {
  const { cache } = request.managed
  const body = await request.readBody()
  rejectUnknownFields(body, ['confirm'])
  const confirmation = readString(body, 'confirm')
  if (confirmation === undefined)
    return jsonResponse({
      confirm: createConfirmation(cache),
      effect: `This invalidates every entry of "${cache.name}", in every process.`,
    })
  if (!isConfirmation(cache, confirmation))
    throw new Problem(
      409,
      'Not confirmed',
      'The confirmation is for another cache, or older than a minute. Send {} to get a new one.',
    )
  return jsonResponse(await request.performAction({}, () => cache.clear()))
}

/**
 * Protects against mistakes, not against attacks: a client with write access could make one up. It is unsigned, so that
 * any process behind a load balancer accepts it.
 */
function createConfirmation({ name }: Cache): string {
  return btoa(encodeURIComponent(JSON.stringify([name, Date.now()])))
}

function isConfirmation({ name }: Cache, confirmation: string): boolean {
  try {
    const [cacheName, createdAt] = JSON.parse(decodeURIComponent(atob(confirmation))) as unknown[]
    return (
      cacheName === name &&
      typeof createdAt === 'number' &&
      Math.abs(Date.now() - createdAt) < confirmationTtl
    )
  } catch {
    return false
  }
}
