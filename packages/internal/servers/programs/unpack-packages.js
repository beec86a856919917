import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './run-command.js'

/** The keys that sign Debian's releases, on every Debian. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * Downloads packages and unpacks them into a folder that is there either whole or not at all.
 *
 * @param {readonly import('./newer-servers.js').PinnedPackage[]} packages
 * @param {{ aptOptions: readonly string[], cache: string, target: string }} options - `aptOptions` of
 *   {@link readPackageLists}
 * @returns {Promise<void>}
 * @throws {Error} for a version that the mirror does not have any more, and for a package with another digest
 */
export async function unpackPackages(packages, { aptOptions, cache, target }) {
  const unfinished = `${target}.${process.pid}`
  const downloads = join(cache, 'packages')
  mkdirSync(unfinished, { recursive: true })
  mkdirSync(downloads, { recursive: true })
  try {
    for (const pinned of packages) {
      const file = await download(pinned, aptOptions, downloads)
      await must('dpkg-deb', ['-x', file, unfinished])
    }
    renameSync(unfinished, target)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/**
 * Reads the package lists of another release of Debian into the cache; returns the options with which apt uses them. The
 * machine's own apt is not changed, only the address of its mirror is read.
 *
 * @param {string} release
 * @param {string} cache
 */
export async function readPackageLists(release, cache) {
  const targets = await must('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'])
  const mirror = targets.split('\n').find((line) => /\/debian\/?$/.test(line))
  if (mirror === undefined) throw new Error('The apt sources of this machine name no mirror of Debian.')
  const lists = join(cache, 'lists')
  mkdirSync(join(lists, 'partial'), { recursive: true })
  const sources = join(cache, 'sources.list')
  writeFileSync(sources, `deb [signed-by=${keyring}] ${mirror} ${release} main\n`)
  const settings = {
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': cache,
    // Root downloads as root: the user that apt would take cannot write below the project.
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await must('apt-get', [...options, 'update'])
  return options
}

/**
 * @param {import('./newer-servers.js').PinnedPackage} pinned
 * @param {readonly string[]} options
 * @param {string} folder
 */
async function download({ name, version, sha256 }, options, folder) {
  const found = () => readdirSync(folder).find((file) => file.startsWith(`${name}_`))
  if (found() === undefined) {
    const script = 'cd "$1" && shift && exec apt-get "$@"'
    await must('sh', ['-c', script, 'sh', folder, ...options, 'download', `${name}=${version}`])
  }
  const file = join(folder, found() ?? '')
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (digest === sha256) return file
  rmSync(file)
  throw new Error(`The package ${name} ${version} has the digest ${digest}, not the pinned ${sha256}.`)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>} its output
 * @throws {Error} with its output, if it fails
 */
async function must(command, args) {
  const { ok, output } = await runCommand(command, args)
  if (!ok) throw new Error(`${command} ${args.at(-1)} failed: ${output.trim()}`)
  return output
}
