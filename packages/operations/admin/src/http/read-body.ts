import { Problem } from './problem'

/** In bytes: enough for a list of several hundred keys. */
const maxBodySize = 64 * 1024

/**
 * Reads the JSON object in the body of a request.
 * @throws Problem 415 for another content type, 413 for a body that is too large, 400 if it is cut off or not a JSON object.
 */
export async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (contentType !== 'application/json')
    throw new Problem(415, 'Not JSON', 'Send a JSON object as application/json.')
  const body = parseJson(await readText(request).catch(toBodyProblem))
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem(400, 'Not an object', 'The body must be a JSON object, such as {"tags":["jobs"]}.')
  return body as Record<string, unknown>
}

async function readText({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBodySize)
      throw new Problem(413, 'Too large', `The body must not exceed ${maxBodySize} bytes.`)
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer())
}

/** The stream of a body fails if its client leaves. */
function toBodyProblem(error: unknown): never {
  if (error instanceof Problem) throw error
  throw new Problem(400, 'Cut off', 'The body ended before it was complete.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'Not JSON', 'The body is not valid JSON.')
  }
}
