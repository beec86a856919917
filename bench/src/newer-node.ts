import { execFileSync, spawnSync } from 'node:child_process'
import { libraries } from './libraries'

/** The version of Node that is fetched if the installed one is too old for a peer. */
const version = '24.21.0'

/**
 * Restarts this program on a Node from the npm registry if any library needs a newer one. All libraries run on the same
 * version, because ratios between two versions of Node are meaningless. Returns only if the current version suffices.
 */
export function ensureNode(args: readonly string[]): void {
  const needed = Math.max(...libraries.map(({ node = 20 }) => node))
  if (Number.parseInt(process.versions.node, 10) >= needed) return
  const [program = '', ...rest] = [fetchNode(), ...process.execArgv, ...process.argv.slice(1, 2), ...args]
  const { status } = spawnSync(program, rest, { stdio: 'inherit' })
  process.exit(status ?? 1)
}

/** The path of the fetched `node`, which npm caches. */
function fetchNode(): string {
  const npxArguments = [
    '--yes',
    '--prefer-offline',
    `--package=node@${version}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ]
  return execFileSync('npx', npxArguments, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
