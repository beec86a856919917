import { Problem } from './problem'

/** In bytes: a list of some hundred keys. */
const largestBody = 64 * 1024

/**
 * The JSON object in a request.
 * @throws Problem 415 for another type, 413 for too much, 400 for what is no JSON object.
 */
export async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new Problem(415, 'Not JSON', 'Send a JSON object as application/json.')
  const text = await readText(request)
  const body = parsed(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem(400, 'Not an object', 'The body must be a JSON object, such as {"tags":["jobs"]}.')
  return body as Record<string, unknown>
}

async function readText({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > largestBody)
      throw new Problem(413, 'Too large', `The body has more than ${largestBody} bytes.`)
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer())
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'Not JSON', 'The body cannot be read as JSON.')
  }
}
