// tier: slow
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@larder/servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Application, createApplication } from '../src/application'
import { type Manifest, packPackages } from '../src/pack-packages'
import { readPage } from '../src/page-programs'
import { type Registry, startRegistry } from '../src/registry'

let registry: Registry
let app: Application
let installed: { readonly code: number; readonly output: string }

beforeAll(async () => {
  const packages = packPackages(temporaryFolder().path)
  registry = await startRegistry(packages)
  app = createApplication(registry, 'application')
  installed = await app.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund')
  expect(installed.output).not.toContain('npm error')
  const [, guide = ''] = /```js\n(.*?)```/s.exec(readPage('guide/jest.md')) ?? []
  app.write('jest/guide.test.js', guide)
  const entries = packages.flatMap(({ manifest }) => entriesOf(manifest))
  app.write(
    'types/every-entry.ts',
    entries.map((entry, at) => `export * as m${at} from '${entry}'`).join('\n'),
  )
  app.write('every-entry.cjs', entries.map((entry) => `require('${entry}')`).join('\n'))
  app.write('every-entry.mjs', entries.map((entry) => `import '${entry}'`).join('\n'))
})
afterAll(() => {
  app.remove()
  registry.close()
})

/** The names under which the modules of a package are imported: `@larder/core`, `@larder/core/encoding`. */
function entriesOf({ name, exports }: Manifest): string[] {
  const paths = Object.keys(exports).filter((path) => typeof exports[path] === 'object')
  return paths.map((path) => name + path.slice(1))
}

const printed = { code: 0, output: 'calls 2, refused true\n' }

describe('Node', () => {
  test('imports the packages', async () => {
    expect(await app.run('node', 'esm.mjs')).toEqual(printed)
  })

  test('requires the packages', async () => {
    expect(await app.run('node', 'commonjs.cjs')).toEqual(printed)
  })

  test.each(['every-entry.mjs', 'every-entry.cjs'])(
    'loads every entry point of every package (%s)',
    async (file) => {
      expect(await app.run('node', file)).toEqual({ code: 0, output: '' })
    },
  )

  test('recognizes errors and values of the other copy when both are loaded', async () => {
    const { output } = await app.run('node', 'both.mjs')
    expect(JSON.parse(output)).toEqual({ copies: 2, instance: true, code: 'BAD_OPTION', value: 1 })
  })
})

test.each(['README.md', 'docs/guide/quick-start.md'])(
  'the first program of %s, pasted, prints what the page says',
  async (page) => {
    const text = readFileSync(new URL(`../../../../${page}`, import.meta.url), 'utf8')
    const [, program = '', output] = /```js\n(.*?)```.*?```\n(.*?)```/s.exec(text) ?? []
    app.write('pasted.mjs', program)
    expect(await app.run('node', 'pasted.mjs')).toEqual({ code: 0, output })
  },
)

describe.concurrent('a bundle', () => {
  const esbuild = ['esbuild', 'commonjs.cjs', '--bundle', '--platform=node']

  test.each([
    ['esbuild', [...esbuild, '--format=cjs', '--outfile=out/esbuild.cjs'], 'out/esbuild.cjs'],
    ['Rollup', ['rollup', '--config', 'rollup.config.mjs', '--silent'], 'out/rollup.mjs'],
    ['Vite', ['vite', 'build', '--logLevel=warn'], 'out/vite/vite.mjs'],
    ['webpack', ['node', 'webpack.mjs'], 'out/webpack.cjs'],
  ])('by %s contains everything, and runs', async (_, [command = '', ...args], bundle) => {
    const built = await app.run(command, ...args)
    expect(built.code, built.output).toBe(0)
    expect(await app.run('node', bundle)).toEqual(printed)
  })

  test('for a browser contains the core and the memory store alone', async () => {
    const { code, output } = await app.run('esbuild', 'browser.mjs', '--bundle', '--outfile=out/browser.js')
    expect(code, output).toBe(0)
    expect(app.read('out/browser.js')).not.toMatch(/lru-cache|msgpackr/)
  })

  test('for a browser is of the size that the comparison with other caches names, and the memory store', async () => {
    const out = 'out/browser.min.js'
    await app.run('esbuild', 'browser.mjs', '--bundle', '--minify', `--outfile=${out}`)
    const [, kilobytes] = /Larder's core is under (\d+) kB/.exec(readPage('guide/comparison.md')) ?? []
    const memoryStore = 4_000
    expect(gzipSync(app.read(out), { level: 9 }).length).toBeLessThan(Number(kilobytes) * 1_000 + memoryStore)
  })
})

describe.concurrent('the tests of an application', () => {
  test.each([
    ['Jest in its default mode', ['jest', '--rootDir=jest']],
    [
      'Jest with ES modules',
      ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--rootDir=jest-esm'],
    ],
    ['Jest with Babel', ['jest', '--rootDir=babel-jest']],
    ['Jest with ts-jest, as Nest sets it up', ['jest', '--config=ts-jest/jest.config.js']],
    ['Vitest', ['vitest', 'run', '--root=vitest']],
    ['node:test', ['node', '--test', 'node.test.mjs']],
  ])('pass in %s', async (_, [command = '', ...args]) => {
    const { code, output } = await app.run(command, ...args)
    expect(code, output).toBe(0)
  })
})

describe.concurrent('TypeScript', () => {
  const current = ['--target', 'ES2022', '--strict', '--noEmit', '--types', 'node']
  const strict = [...current, '--skipLibCheck', 'false']
  const settings = {
    'commonjs, node10': ['--module', 'commonjs', '--moduleResolution', 'node10'],
    node16: ['--module', 'node16'],
    nodenext: ['--module', 'nodenext'],
    bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'],
  }

  test.each([
    ['5.4', 'typescript-5.4', 'commonjs, node10'],
    ['5.9', 'typescript', 'bundler'],
    ['7.0', 'typescript-7', 'node16'],
    ['7.0', 'typescript-7', 'nodenext'],
    ['7.0', 'typescript-7', 'bundler'],
  ] as const)('%s reads all declarations (%s, module %s)', async (_, compiler, module) => {
    const tsc = `node_modules/${compiler}/bin/tsc`
    const { output } = await app.run('node', tsc, ...strict, ...settings[module], 'types/check.ts')
    expect(output).toBe('')
  })

  test.each([
    ['5.4', 'typescript-5.4'],
    ['5.9', 'typescript'],
    ['6.0', 'typescript-6'],
    ['7.0', 'typescript-7'],
  ])('%s finds what users expect of the types', async (_, compiler) => {
    const tsc = `node_modules/${compiler}/bin/tsc`
    const args = [...strict, ...settings.nodenext, 'types/expectations.ts']
    const { output } = await app.run('node', tsc, ...args)
    expect(output).toBe('')
  })

  test.each(['typescript-5.4', 'typescript-7'])('compiles the decorators (%s)', async (compiler) => {
    const tsc = ['node', `node_modules/${compiler}/bin/tsc`] as const
    const args = ['--target', 'ES2022', '--strict', '--types', 'node', '--outDir', `out/${compiler}`]
    const compiled = await app.run(...tsc, ...args, ...settings.node16, 'decorators/users.ts')
    expect(compiled).toEqual({ code: 0, output: '' })
    expect(await app.run('node', `out/${compiler}/users.js`)).toEqual({ code: 0, output: 'Ada Grace 2\n' })
  })

  test.each([
    ['5.4', 'typescript-5.4', 'node16', ['types/every-entry.ts']],
    ['7.0', 'typescript-7', 'nodenext', ['types/every-entry.ts', 'types/frameworks.ts']],
  ] as const)(
    '%s finds no fault in the declarations of any entry point',
    async (_, compiler, module, files) => {
      const tsc = `node_modules/${compiler}/bin/tsc`
      const { output } = await app.run('node', tsc, ...strict, ...settings[module], ...files)
      // Those of frameworks have some.
      expect(output).not.toContain('@larder')
      expect(output).not.toMatch(/^types\//m)
    },
  )
})
