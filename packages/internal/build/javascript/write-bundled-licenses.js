import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Writes the licence texts of all packages that became part of the bundles in `folder` to a file there: their licences ask
 * for it. Writes nothing if there are none. A bundled package without a licence file fails the build.
 *
 * @param {string} folder
 */
export function writeBundledLicenses(folder) {
  const maps = readdirSync(folder).filter((file) => file.endsWith('.map'))
  const sources = maps.flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).sources)
  const texts = bundledPackages(sources).map((path) => readLicense(resolve(folder, path)))
  if (texts.length > 0) writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), texts.join('\n'))
}

/**
 * The folders of the packages that sources belong to, each once.
 *
 * @param {readonly string[]} sources - paths
 */
function bundledPackages(sources) {
  const folders = sources.map((source) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/** @param {string} folder */
function readLicense(folder) {
  const name = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
  if (name === undefined) throw new Error(`${folder} is bundled and has no licence file.`)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${readFileSync(join(folder, name), 'utf8')}`
}
