#!/usr/bin/env node
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fieldNames } from './field-names.js'
import { readComments } from './read-comments.js'
import { readFunctionNames } from './read-function-names.js'

/**
 * Fails on comments that hide their subject and on exported functions whose name is one word that is not the field's own
 * (docs/architecture/layout.md, language). With `--figures`, prints the shares that the house watches instead.
 */
const sources = execFileSync('git', ['ls-files', '*.ts', '*.js'], { encoding: 'utf8' }).trim().split('\n')
const files = sources.map((path) => ({ path, text: readFileSync(path, 'utf8') }))

/** @type {readonly [RegExp, string][]} */
const patterns = [
  [/^(What|Who|Whoever|Whatever|Nobody|Nothing)\b/, 'begin with the subject'],
  [/[.:] (What|Who|Whoever|Whatever) (?!if\b)/, 'begin each sentence with its subject'],
  [/(?<!there )\bis no [a-z]/, 'say what it is'],
  [/(?<!there )\b(is|are) none\b/, 'say what it is'],
  [/\b(of late|at hand|in vain|though it be|anew)\b/i, 'use a plain phrase'],
  [/\btold\b/i, 'name the event or the call'],
]

if (process.argv.includes('--figures')) printFigures()
else reportFaults()

function reportFaults() {
  const faults = files.flatMap(({ path, text }) => [
    ...faultsOfComments(path, text),
    ...faultsOfNames(path, text),
  ])
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}

/** @param {string} path @param {string} text */
function faultsOfComments(path, text) {
  return readComments(path, text).flatMap(({ line, text: comment }) =>
    patterns
      .filter(([pattern]) => pattern.test(comment))
      .map(([pattern, advice]) => `${path}:${line} ${advice}: "${excerptOf(comment, pattern)}"`),
  )
}

/** @param {string} path @param {string} text */
function faultsOfNames(path, text) {
  return readFunctionNames(path, text)
    .filter(({ name, isExported }) => isExported && isOneWord(name) && !fieldNames.has(name))
    .map(
      ({ name, line }) => `${path}:${line} name "${name}" by verb and object, or add it to the field's names`,
    )
}

/** @param {string} comment @param {RegExp} pattern */
function excerptOf(comment, pattern) {
  const at = pattern.exec(comment)?.index ?? 0
  return comment.slice(Math.max(0, at - 20), at + 40)
}

/** @param {string} name */
function isOneWord(name) {
  return /^[a-z]+\d*$/.test(name)
}

function printFigures() {
  const inSource = files.filter(({ path }) => path.includes('/src/'))
  const names = inSource
    .flatMap(({ path, text }) => readFunctionNames(path, text))
    .filter(({ isDeclared }) => isDeclared)
    .map(({ name }) => name)
  const words = inSource.flatMap(({ path, text }) =>
    readComments(path, text).flatMap(({ text }) => text.split(/\s+/)),
  )
  const count = (/** @type {RegExp} */ word) => words.filter((one) => word.test(one)).length
  const share = (/** @type {number} */ of) => `${((of / words.length) * 1_000).toFixed(1)} of 1 000 words`
  console.log(
    `functions and methods: ${names.length}, ${percentOf(names.filter(isOneWord).length, names.length)} of one word`,
  )
  console.log(`mean length of a name: ${(names.join('').length / names.length).toFixed(1)}`)
  console.log(
    `comments: ${words.length} words; "what" ${share(count(/^\W*what\W*$/i))}, "who" and "whoever" ${share(count(/^\W*who(ever)?\W*$/i))}`,
  )
}

/** @param {number} part @param {number} whole */
function percentOf(part, whole) {
  return `${((part / whole) * 100).toFixed(1)} %`
}
