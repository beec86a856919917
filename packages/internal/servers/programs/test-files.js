import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { programs } from './programs.js'
import { isInstalled } from './run-command.js'

/**
 * A test file, by the comments in its first lines: `// needs: redis, chromium` names the programs that it starts,
 * `// tier: slow` keeps it out of `test:quick`, `// tier: long` keeps it for `test:long`.
 *
 * @typedef {object} TestFile
 * @property {string} path - relative to the folder
 * @property {readonly string[]} needs
 * @property {'quick' | 'slow' | 'long'} tier
 */

const ignored = new Set(['node_modules', 'dist', '.turbo', '.git'])

/**
 * The test files below a folder, sorted by path.
 *
 * @param {string} folder
 * @returns {TestFile[]}
 */
export function findTestFiles(folder) {
  return [...walk(folder, '')]
    .sort()
    .map((path) => ({ path, ...parseHeader(readFileSync(join(folder, path), 'utf8')) }))
}

/**
 * @param {string} folder
 * @param {string} below
 * @returns {Generator<string>}
 */
function* walk(folder, below) {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = join(below, entry.name)
    if (entry.isDirectory() && !ignored.has(entry.name)) yield* walk(folder, path)
    else if (entry.name.endsWith('.test.ts')) yield path
  }
}

/**
 * @param {string} text
 * @returns {Pick<TestFile, 'needs' | 'tier'>}
 */
function parseHeader(text) {
  const header = text.slice(0, text.search(/^(?!\/\/)/m))
  const needs = /^\/\/ needs: (.+)$/m.exec(header)?.[1]?.split(', ') ?? []
  const tier = /^\/\/ tier: (slow|long)$/m.exec(header)?.[1]
  if (tier === 'long') return { needs, tier }
  return { needs, tier: tier === 'slow' || needs.length > 0 ? 'slow' : 'quick' }
}

/**
 * The names of the programs that these files need and this machine lacks. Only programs that are needed are looked for.
 *
 * @param {readonly TestFile[]} files
 * @returns {Set<string>}
 */
export function findMissingPrograms(files) {
  const needed = programs.filter(({ name }) => files.some(({ needs }) => needs.includes(name)))
  return new Set(needed.filter((program) => !isInstalled(program)).map(({ name }) => name))
}
