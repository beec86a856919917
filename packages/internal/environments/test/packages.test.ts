// tier: slow
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { temporaryFolder } from '@larder/servers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Manifest, packPackages } from '../src/pack-packages'
import { readImports } from '../src/read-imports'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const packages = packPackages(temporaryFolder().path)
const named = packages.map((packed) => [packed.manifest.name, packed] as const)
const libraries = named.filter(([, { manifest }]) => manifest.exports['.'] !== undefined)

/** The paths that a manifest points to. */
function targetsOf({ exports, main, types, bin }: Manifest): string[] {
  const strings = (value: unknown): string[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [String(value)]
  return strings({ exports, ...(main && { main, types }), ...bin }).map((path) => path.replace('./', ''))
}

test('a package is packed without source maps and the chunks of an earlier build', () => {
  const folder = temporaryFolder()
  onTestFinished(folder.remove)
  const script = fileURLToPath(new URL('../../build/bin/remove-old-chunks.js', import.meta.url))
  const files = {
    'package.json':
      '{"exports":{".":{"types":"./dist/index.d.ts","default":"./dist/index.js"}},"bin":"./dist/run.js"}',
    'dist/index.js': 'import {\n  a\n} from "./chunk-NEWBUILD.js"\nimport "node:fs"',
    'dist/index.js.map': '{}',
    'dist/chunk-NEWBUILD.js': 'export const load = () => import("./chunk-DEFERRED.js")',
    'dist/chunk-DEFERRED.js': '',
    'dist/chunk-OLDBUILD.js': '',
    'dist/chunk-OLDBUILD.js.map': '{}',
    'dist/index.d.ts': "export { a } from './a-NewBuild.js';",
    'dist/a-NewBuild.d.ts': '',
    'dist/a-OldBuild.d.ts': '',
    'dist/run.js': '',
    'dist/THIRD-PARTY-LICENSES.txt': '',
  }
  mkdirSync(folder.file('dist'))
  for (const [path, text] of Object.entries(files)) writeFileSync(folder.file(path), text)
  execFileSync('node', [script], { cwd: folder.path })
  const left = Object.keys(files).filter((path) => existsSync(folder.file(path)))
  expect(Object.keys(files).filter((path) => !left.includes(path))).toEqual([
    'dist/index.js.map',
    'dist/chunk-OLDBUILD.js',
    'dist/chunk-OLDBUILD.js.map',
    'dist/a-OldBuild.d.ts',
  ])
})

describe.each(named)('%s, packed', (name, { manifest, files }) => {
  test('contains the licence, a README and every file that its manifest names', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', ...targetsOf(manifest)]),
    )
    expect(String(files.get('LICENSE'))).toContain('MIT License')
  })

  test('contains neither a source map nor a reference to one, and names the source of each part', () => {
    const maps = [...files.keys()].filter((path) => path.endsWith('.map'))
    const scripts = [...files].filter(([path]) => /\.c?js$/.test(path)).map(([, content]) => String(content))
    expect(maps).toEqual([])
    expect(scripts.filter((script) => script.includes('sourceMappingURL'))).toEqual([])
    expect(scripts.filter((script) => !/^\/\/ src\/[\w/-]+\.ts$/m.test(script))).toEqual([])
  })

  test('names no folder of the machine that built it', () => {
    const foreign = [...files].filter(([, content]) => content.includes(repository))
    expect(foreign.map(([path]) => path)).toEqual([])
  })

  test('depends on ranges that the registry knows, and that let patches through', () => {
    for (const range of Object.values(manifest.dependencies ?? {})) expect(range).toMatch(/^\^\d/)
    for (const range of Object.values(manifest.peerDependencies ?? {}))
      expect(range).toMatch(/^\^\d+\.\d+(\.\d+)?( \|\| \^\d+(\.\d+)*)*$/)
  })

  test('imports nothing at run time that is not its dependency', () => {
    const { dependencies = {}, peerDependencies = {} } = manifest
    const known = [name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)]
    for (const [path, content] of files)
      if (/\.c?js$/.test(path)) expect(known).toEqual(expect.arrayContaining(readImports(String(content))))
  })
})

test.each(libraries)(
  'the types of %s are found by every resolution, and fit the format that is loaded',
  async (_, { manifest, tarball }) => {
    const entries = Object.keys(manifest.exports).filter((path) => typeof manifest.exports[path] === 'object')
    const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)))
    const result = await checkPackage(packed, {
      entrypoints: entries.map((path) => path.replace(/^\.\/?/, '')),
    })
    expect(result).toMatchObject({ types: { kind: 'included' }, problems: [] })
  },
)
