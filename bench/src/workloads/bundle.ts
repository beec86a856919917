import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { medianAtMost } from '../goals'
import { paths } from '../paths'
import type { Workload } from '../workload'

export const bundle: Workload = {
  name: 'bundle',
  title: 'Bundle of core',
  about: '`@larder/core` minified and gzipped, without what it depends on.',
  participants: ['larder'],
  maxRounds: 1,
  metrics: [{ name: 'size', unit: 'kB', better: 'less' }],
  prepareTask: async () => ({
    async measureRound() {
      const { outputFiles } = await build({
        entryPoints: [paths.core],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'node',
        packages: 'external',
        write: false,
      })
      const bytes = outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0)
      return { size: bytes / 1_000 }
    },
    close: async () => undefined,
  }),
  goals: [medianAtMost('size', 14, 'size', 'kB')],
}
