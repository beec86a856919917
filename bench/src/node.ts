import { execFileSync, spawnSync } from 'node:child_process'
import { libraries } from './libraries'

/** The Node that is brought where the machine's own is too old for a peer. */
const version = '24.21.0'

/**
 * Runs this program again on a Node from the npm registry, if a library needs a newer one than this: all libraries alike,
 * because ratios between two Nodes would say nothing. Returns only if this Node will do.
 */
export function bringNode(args: readonly string[]): void {
  const needed = Math.max(...libraries.map(({ node = 20 }) => node))
  if (Number.parseInt(process.versions.node, 10) >= needed) return
  const [program = '', ...rest] = [fetchNode(), ...process.execArgv, ...process.argv.slice(1, 2), ...args]
  const { status } = spawnSync(program, rest, { stdio: 'inherit' })
  process.exit(status ?? 1)
}

/** The path of the program, from npm's own cache when it was there before. */
function fetchNode(): string {
  const words = [
    '--yes',
    '--prefer-offline',
    `--package=node@${version}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ]
  return execFileSync('npx', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
