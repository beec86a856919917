import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

const relativeImport = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.\.?\/[^"']+)["']/g

/**
 * The files of a package that its manifest points to, and those that these import, as paths relative to the package.
 *
 * @param {object} manifest
 * @returns {ReadonlySet<string>}
 */
export function listReachedFiles(manifest) {
  const { exports = {}, bin = {}, main, types } = /** @type {Record<string, unknown>} */ (manifest)
  const reached = new Set(targetsOf({ exports, bin, main, types }).map((path) => posix.normalize(path)))
  for (const file of reached)
    if (/\.c?[jt]s$/.test(file)) for (const imported of readRelativeImports(file)) reached.add(imported)
  return reached
}

/**
 * The paths in the fields of a manifest.
 *
 * @param {unknown} field
 * @returns {string[]}
 */
function targetsOf(field) {
  if (typeof field === 'string') return [field]
  return typeof field === 'object' && field !== null ? Object.values(field).flatMap(targetsOf) : []
}

/**
 * The files that a file imports by a relative path. Declarations name the JavaScript that they describe.
 *
 * @param {string} file
 */
function readRelativeImports(file) {
  const [, declarations] = /\.d(\.c?ts)$/.exec(file) ?? []
  const imports = [...readFileSync(file, 'utf8').matchAll(relativeImport)]
  return imports
    .map(([, path = '']) => posix.join(posix.dirname(file), path))
    .map((path) => (declarations === undefined ? path : path.replace(/\.c?js$/, `.d${declarations}`)))
}
