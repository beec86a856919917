import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the licence texts of all packages that became part of the bundles in `folder` to a file there: their licences ask
 * for it. Writes nothing if there are none. A bundled package without a licence file fails the build.
 *
 * @param {string} folder
 */
export function writeBundledLicenses(folder) {
  const texts = bundledPackages(takeBundledFiles(folder)).map(readLicense)
  if (texts.length > 0) writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), texts.join('\n'))
}

/**
 * The files of which something became part of the bundles in `folder`, by the metafiles that esbuild has written beside
 * them. Removes the metafiles.
 *
 * @param {string} folder
 */
function takeBundledFiles(folder) {
  const metafiles = readdirSync(folder).filter((name) => /^metafile-\w+\.json$/.test(name))
  return metafiles.flatMap((name) => {
    const { outputs } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    rmSync(join(folder, name))
    const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
    return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
  })
}

/**
 * The folders of the packages that files belong to, each once.
 *
 * @param {readonly string[]} files
 */
function bundledPackages(files) {
  const folders = files.map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}

/** @param {string} folder */
function readLicense(folder) {
  const name = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
  if (name === undefined) throw new Error(`${folder} is bundled and has no licence file.`)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${readFileSync(join(folder, name), 'utf8')}`
}
