import { formatsOf } from './formats.js'
import { project } from './project.js'

/** The order of fields: identity, then what is in the package, then how it is built. Other fields follow. */
const fieldOrder = [
  'name',
  'version',
  'private',
  'description',
  'keywords',
  'license',
  'author',
  'repository',
  'homepage',
  'bugs',
  'type',
  'sideEffects',
  'engines',
  'files',
  'bin',
  'main',
  'types',
  'exports',
  'typesVersions',
  'publishConfig',
  'scripts',
]

/**
 * A package.json, freely chosen fields and derived ones.
 *
 * @typedef {Record<string, unknown> & {
 *   private?: boolean
 *   keywords?: string[]
 *   files?: string[]
 *   exports?: Record<string, unknown>
 *   scripts?: Record<string, string>
 * }} Manifest
 */

/**
 * The manifest of a published package with everything that follows from the project, from its folder and from its entry
 * points: links, access, exports for both module formats, declarations for every resolution of modules that TypeScript knows.
 *
 * @param {Manifest} manifest
 * @param {string} folder - relative to the repository's root
 * @returns {Manifest}
 */
export function completeManifest(manifest, folder) {
  const { keywords = [], files = [], exports = {}, scripts = {} } = manifest
  const entries = Object.keys(exports).filter((path) => typeof exports[path] === 'object')
  return inOrder({
    ...manifest,
    keywords: [...new Set([...project.keywords, ...keywords])],
    license: project.license,
    author: project.author,
    repository: { type: 'git', url: project.repository, directory: folder },
    homepage: project.homepage,
    bugs: project.bugs,
    type: 'module',
    sideEffects: false,
    engines: project.engines,
    files: [...new Set(['dist', ...files])],
    ...(entries.length === 0 ? {} : entryFields(entries, exports)),
    publishConfig: { access: 'public', provenance: true },
    scripts: { ...scripts, prepack: 'remove-old-chunks', prepublishOnly: 'require-release' },
    ...(formatsOf(manifest).includes('cjs') ? {} : { main: undefined, types: undefined }),
  })
}

/**
 * @param {readonly string[]} entries - `.`, `./encoding`
 * @param {Record<string, unknown>} exports
 */
function entryFields(entries, exports) {
  const subpaths = entries.filter((entry) => entry !== '.')
  return {
    main: './dist/index.cjs',
    types: './dist/index.d.cts',
    exports: { ...exports, ...Object.fromEntries(entries.map((entry) => [entry, conditionsOf(entry)])) },
    typesVersions:
      subpaths.length === 0
        ? undefined
        : {
            '*': Object.fromEntries(
              subpaths.map((entry) => [entry.slice(2), [`./dist/${nameOf(entry)}.d.cts`]]),
            ),
          },
  }
}

/** @param {string} entry */
function conditionsOf(entry) {
  const file = `./dist/${nameOf(entry)}`
  return {
    import: { types: `${file}.d.ts`, default: `${file}.js` },
    require: { types: `${file}.d.cts`, default: `${file}.cjs` },
  }
}

/** @param {string} entry */
const nameOf = (entry) => (entry === '.' ? 'index' : entry.slice(2))

/**
 * @param {Manifest} manifest
 * @returns {Manifest}
 */
function inOrder(manifest) {
  const others = Object.keys(manifest).filter((field) => !fieldOrder.includes(field))
  const fields = [...fieldOrder, ...others].filter((field) => manifest[field] !== undefined)
  return Object.fromEntries(fields.map((field) => [field, manifest[field]]))
}
