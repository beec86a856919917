import { apiPages } from './api-pages.js'
import { describeInherited } from './describe-inherited.js'
import { formatTable } from './format-table.js'
import { findForgottenOptions, optionGroups } from './option-groups.js'
import { readInterface } from './read-interface.js'
import { readUnion } from './read-union.js'

const core = 'packages/core/src'
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
    'docs/reference/errors.md': errorsPage(),
    ...apiPages(),
  }
}

function optionsPage() {
  const forgotten = findForgottenOptions()
  if (forgotten.length > 0) throw new Error(`option-groups.js has no part for ${forgotten.join(', ')}.`)
  const groups = optionGroups.map(([title, file, name]) => {
    const { members, inherited } = readInterface(file, name)
    const rows = members.map((option) => optionRow(option, name))
    const also = inherited.length > 0 ? [`Also ${inherited.map(describeInherited).join('; ')}.`] : []
    return [`## ${title}`, formatTable(['option', 'meaning', 'default'], rows), ...also].join('\n\n')
  })
  const intro = "A duration is in milliseconds or a text such as `'5m'`."
  return page('All options', intro, groups)
}

/** @param {import('./read-interface.js').Member} option @param {string} owner - the interface that it is a member of */
function optionRow({ name, text, isOptional, defaultValue }, owner) {
  if (text === '') throw new Error(`The option ${name} of ${owner} has no comment.`)
  return [code(name), text, defaultValue ?? (isOptional ? 'none' : 'required')]
}

function methodsPage() {
  const membersOf = (/** @type {string} */ file, /** @type {string} */ name) =>
    readInterface(`${core}/contracts/${file}`, name).members
  const cache = [
    ...membersOf('cache.ts', 'Cache'),
    ...membersOf('cache-invalidation.ts', 'CacheInvalidation'),
    ...membersOf('cache-operation.ts', 'CacheOperation'),
  ]
  const wrapped = membersOf('wrapped.ts', 'Wrapped')
  const intro =
    'Examples are below the tables. [Options](options.md) lists what each method takes, the [API of the core](api/core.md) the types, [errors](../guide/errors.md) what each can throw.'
  return page('All methods', intro, [
    ...['## A cache', methodTable(cache), '## A wrapped function', methodTable(wrapped)],
    ...['## Examples of a cache', ...cache.flatMap(formatExamples)],
    ...['## Examples of a wrapped function', ...wrapped.flatMap(formatExamples)],
  ])
}

/** @param {readonly import('./read-interface.js').Member[]} members */
function methodTable(members) {
  const rows = members.map(({ calls, text }) => [calls.map(code).join(' or '), text])
  return formatTable(['method', 'what it does'], rows)
}

/** @param {import('./read-interface.js').Member} member @returns {string[]} */
const formatExamples = ({ name, examples }) => (examples.length > 0 ? [`### ${code(name)}`, ...examples] : [])

function eventsPage() {
  const { members } = readInterface(`${core}/contracts/events.ts`, 'CacheEvents')
  const rows = members.map(({ name, type, text }) => [code(name), text, code(type)])
  const intro = "`cache.on('miss', ({ key, reason }) => …)` subscribes. Durations and ages are in ms."
  return page('All events', intro, [formatTable(['event', 'meaning', 'fields'], rows)])
}

function errorsPage() {
  const rows = readUnion(`${core}/errors.ts`, 'LarderErrorCode').map(({ text, paragraphs }) => {
    const [meaning, remedy] = paragraphs
    if (meaning === undefined || remedy === undefined)
      throw new Error(
        `The comment of ${text} has to say when it occurs and, in a second paragraph, what to do.`,
      )
    return [code(text), meaning, remedy]
  })
  const intro =
    'Larder throws one class, `LarderError`; branch on its `code`, which never changes its meaning, and read its `message`, which says what to write instead. Errors of your own functions pass through untouched. [Errors](../guide/errors.md) shows which call can throw what.'
  return page('All error codes', intro, [formatTable(['code', 'when', 'what to do'], rows)])
}

/** @param {string} title @param {string} intro @param {readonly string[]} parts */
function page(title, intro, parts) {
  return [`# ${title}`, `${notice} ${intro}`, ...parts].join('\n\n').concat('\n')
}

/** @param {string} text */
const code = (text) => `\`${text}\``
