import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Files of the bench, the same from `src` and from `dist`. */
export const paths = {
  /** What runs in the process of a participant. */
  child: at('../dist/child.js'),
  server: at('../dist/server.js'),
  results: at('../results'),
  documentation: at('../../docs/benchmarks.md'),
  core: at('../../packages/core/dist/index.js'),
}
