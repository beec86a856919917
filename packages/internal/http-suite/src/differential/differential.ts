import { seededRandom } from '@larder/testing'
import { describe, expect, test } from 'vitest'
import { type NotingApplication, observeRequest, withoutAdded } from './compare'

/** Rules under which an application must behave as it does without the cache. */
const rules = {
  'no rule': {},
  'a ttl': { ttl: '1m' },
  'a ttl per user': { ttl: '1m', scope: 'private' },
} as const

export type DifferentialRule = (typeof rules)[keyof typeof rules]

/** One combination: a handler, a layer in front of the cache, and one behind it. */
export interface Combination {
  readonly handler: string
  readonly front: string
  readonly behind: string
}

/** An application of one framework, to be compared with itself. */
interface DifferentialOptions {
  readonly handlers: readonly string[]
  /** The names of the layers to put in front of the cache and behind it. */
  readonly layers: readonly string[]
  /** Starts the application, without the cache if `rule` is undefined. */
  start(combination: Combination, rule: DifferentialRule | undefined): Promise<NotingApplication>
  /** How many combinations are compared, chosen by `seed`; all by default. */
  readonly sample?: { readonly size: number; readonly seed: number } | undefined
}

/**
 * Compares an application with itself, with and without the cache: all bytes that a client receives, and everything the
 * handler sees. Only what a stored response gains may differ.
 */
export function differentialSuite(options: DifferentialOptions): void {
  const combinations = chooseCombinations(options)
  describe.each(Object.entries(rules))(
    'with %s, an application behaves as without the cache',
    (name, rule) => {
      test.each(combinations)('$handler, behind $front, in front of $behind', async (combination) => {
        for (const fields of ['Accept-Encoding: gzip\n', '']) {
          const plain = await options.start(combination, undefined)
          const cached = await options.start(combination, rule)
          const [expected, actual] = [
            await observeRequest(plain, fields),
            await observeRequest(cached, fields),
          ]
          expect(actual.notes).toEqual(expected.notes)
          const received = name === 'no rule' ? actual.bytes : withoutAdded(actual.bytes)
          expect(received).toBe(expected.bytes)
          await compareSecond(plain, cached, fields)
          await Promise.all([plain.close(), cached.close()])
        }
      })
    },
  )
}

/** The second response may come from the store: then its meaning is the same, not its form. */
async function compareSecond(
  plain: NotingApplication,
  cached: NotingApplication,
  fields: string,
): Promise<void> {
  const [expected, actual] = [await observeRequest(plain, fields), await observeRequest(cached, fields)]
  expect(parseMeaning(actual.bytes)).toEqual(parseMeaning(expected.bytes))
}

const meaningful = /^(?:content-type|content-encoding|set-cookie|vary|location|x-.*)$/

/** Status, body and the fields that tell clients what the body is. */
function parseMeaning(bytes: string): {
  readonly status: string
  readonly fields: string[]
  readonly body: string
} {
  const [head = '', ...rest] = bytes.replace(/^(?:HTTP\/1\.1 1\d\d [\s\S]*?\r\n\r\n)+/, '').split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const body = rest.join('\r\n\r\n')
  const isChunked = /^transfer-encoding: chunked$/im.test(head)
  return {
    status: statusLine.slice(0, 'HTTP/1.1 200'.length),
    fields: lines
      .map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase()))
      .filter((line) => meaningful.test(line.slice(0, line.indexOf(':'))))
      .sort(),
    body: isChunked ? joinChunks(body) : body,
  }
}

/** The content of a chunked body, without trailers (RFC 9112 §7.1). */
function joinChunks(body: string): string {
  let content = ''
  let rest = body
  for (;;) {
    const lineEnd = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, lineEnd), 16)
    if (lineEnd < 0 || Number.isNaN(size) || size === 0) return content
    content += rest.slice(lineEnd + 2, lineEnd + 2 + size)
    rest = rest.slice(lineEnd + 2 + size + 2)
  }
}

function chooseCombinations({ handlers, layers, sample }: DifferentialOptions): Combination[] {
  const all = handlers.flatMap((handler) =>
    layers.flatMap((front) => layers.map((behind) => ({ handler, front, behind }))),
  )
  if (sample === undefined) return all
  const random = seededRandom(sample.seed)
  // Every handler without layers, and a sample of the rest.
  const bare = all.filter(({ front, behind }) => front === layers[0] && behind === layers[0])
  return [
    ...bare,
    ...Array.from({ length: sample.size }, () => all[Math.floor(random() * all.length)] as Combination),
  ]
}
