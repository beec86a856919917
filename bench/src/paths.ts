import { fileURLToPath } from 'node:url'

const resolvePath = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Files of the bench, the same from `src` and from `dist`. */
export const paths = {
  /** The program of a participant's process. */
  child: resolvePath('../dist/child.js'),
  server: resolvePath('../dist/server.js'),
  results: resolvePath('../results'),
  documentation: resolvePath('../../docs/benchmarks.md'),
  core: resolvePath('../../packages/core/dist/index.js'),
}
