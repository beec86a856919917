import { execFileSync } from 'node:child_process'

/**
 * A page as the repository's formatter leaves it: with aligned tables and code in the style of the sources.
 *
 * @param {string} path
 * @param {string} text
 * @returns {string}
 */
export function formatPage(path, text) {
  return execFileSync('node_modules/.bin/biome', ['format', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
  })
}
