import { readInterface } from './read-interface.js'

const core = 'packages/core/src'

/** The parts of the page of options: title, source and interface. */
const optionGroups = /** @type {const} */ ([
  ['`createCache`', `${core}/cache-options.ts`, 'CacheOptions'],
  ['Entries: for a cache, a wrapped function, or one call', `${core}/options.ts`, 'EntryOptions'],
  ['Waiting: for a cache, a wrapped function, or one call', `${core}/options.ts`, 'WaitOptions'],
  ['`wrap`', `${core}/options.ts`, 'WrapOptions'],
  ['Reads', `${core}/options.ts`, 'ReadOptions'],
  ['Invalidations', `${core}/options.ts`, 'InvalidateOptions'],
  ['`memoryStore`', 'packages/stores/memory/src/memory-store.ts', 'MemoryStoreOptions'],
  ['`redisStore` and other services on Redis', 'packages/stores/redis/src/check-client.ts', 'ClientOptions'],
  ['`redisStore`', 'packages/stores/redis/src/options.ts', 'RedisStoreOptions'],
])

const notice = 'Generated from the TSDoc of the sources by `npm run reference`.'

/**
 * The pages of the reference by path.
 *
 * @returns {Record<string, string>}
 */
export function referencePages() {
  return {
    'docs/reference/options.md': optionsPage(),
    'docs/reference/methods.md': methodsPage(),
    'docs/reference/events.md': eventsPage(),
  }
}

function optionsPage() {
  const groups = optionGroups.map(([title, file, name]) => {
    const rows = readInterface(file, name).map((option) => [
      code(option.name),
      option.text,
      option.defaultValue ?? '',
    ])
    return `## ${title}\n\n${formatTable(['option', 'meaning', 'default'], rows)}`
  })
  const intro = "A duration is in milliseconds or a text such as `'5m'`."
  return ['# All options', `${notice} ${intro}`, ...groups].join('\n\n').concat('\n')
}

function methodsPage() {
  const members = [
    ...readInterface(`${core}/contracts/cache.ts`, 'Cache'),
    ...readInterface(`${core}/contracts/cache-operation.ts`, 'CacheOperation'),
  ]
  const rows = members.map(({ name, text }) => [code(name), text])
  const wrapped = [
    ['`invalidate(…args)`', 'Invalidates the entry for these arguments.'],
    ['`refresh(…args)`', 'Computes the value again even if a fresh one is cached, and stores it.'],
    ['`peek(…args)`', 'The local entry for these arguments, in any state, without side effects.'],
    ['`keyOf(…args)`', 'The cache key for these arguments.'],
  ]
  return [
    '# All methods',
    `${notice} Examples are in the guide.`,
    '## A cache',
    formatTable(['method', 'what it does'], rows),
    '## A wrapped function',
    formatTable(['method', 'what it does'], wrapped),
  ]
    .join('\n\n')
    .concat('\n')
}

function eventsPage() {
  const rows = readInterface(`${core}/contracts/events.ts`, 'CacheEvents').map(({ name, type, text }) => [
    code(name),
    text,
    code(type),
  ])
  const intro = "`cache.on('miss', ({ key, reason }) => …)` subscribes. Durations and ages are in ms."
  return ['# All events', `${notice} ${intro}`, formatTable(['event', 'meaning', 'fields'], rows)]
    .join('\n\n')
    .concat('\n')
}

/** @param {string} text */
const code = (text) => `\`${text}\``

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function formatTable(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
