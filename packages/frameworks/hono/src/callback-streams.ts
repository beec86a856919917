import type { ResponseHints } from '@larder/http'
import type { Context } from 'hono'

/**
 * Keeps the streams of `stream()` and its relatives out of the store, unless they announce their length: if their callback
 * throws, Hono ends them as if they were complete. They are the ones that make their response by `c.newResponse`.
 */
export function skipCallbackStreams(c: Context, hints: ResponseHints): void {
  const { newResponse } = c
  c.newResponse = ((...args: Parameters<typeof newResponse>) => {
    const [body, ...head] = args
    // Asks another response: to read the fields of a light one of `@hono/node-server` gives it a type, by which layers go.
    if (body instanceof ReadableStream && !newResponse(null, ...head).headers.has('content-length'))
      hints.skip()
    return newResponse(...args)
  }) as typeof newResponse
}
