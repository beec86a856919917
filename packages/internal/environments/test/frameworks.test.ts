// tier: long
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort, temporaryFolder, until } from '@larder/servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Application, createApplication } from '../src/application'
import { packPackages } from '../src/pack-packages'
import { filesOf, readPage } from '../src/page-programs'
import { type Registry, startRegistry } from '../src/registry'

let registry: Registry
beforeAll(async () => {
  registry = await startRegistry(packPackages(temporaryFolder().path))
})
afterAll(() => registry.close())

/** An application in a framework, with its dependencies. */
async function install(fixture: string): Promise<Application> {
  const app = createApplication(registry, fixture)
  const { code, output } = await app.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund')
  expect(code, output).toBe(0)
  return app
}

describe('Next.js', () => {
  let app: Application
  beforeAll(async () => {
    app = await install('next')
    for (const { name, text } of filesOf('guide/nextjs.md')) app.write(name, text)
    const { code, output } = await app.run('next', 'build')
    expect(code, output).toBe(0)
  })
  afterAll(() => app?.remove())

  /** Starts the application as it was built. */
  async function start() {
    const port = await freePort()
    const program = `${app.folder}/node_modules/next/dist/bin/next`
    const server = spawn('node', [program, 'start', '--port', String(port)], {
      cwd: app.folder,
      stdio: 'ignore',
    })
    const origin = `http://127.0.0.1:${port}`
    await until('Next.js answers', async () => (await fetch(origin)).ok)
    return {
      read: async (path: string) => (await fetch(origin + path)).text(),
      write: (path: string, body: string) => fetch(origin + path, { method: 'PUT', body }),
      async [Symbol.asyncDispose]() {
        server.kill()
        await once(server, 'exit')
      },
    }
  }

  test('serves a page that a route handler has invalidated with its new data', async () => {
    await using server = await start()
    expect(await server.read('/')).toContain('<p>Ada</p>')
    expect((await server.write('/api/user', 'Grace')).status).toBe(204)
    expect(await server.read('/')).toContain('<p>Grace</p>')
  })

  test('bundles the store on Redis, and answers while there is none', async () => {
    await using server = await start()
    expect(await server.read('/api/tiers')).toBe('answered')
  })
})

/** The program in TypeScript of a page that imports a module, and the block after it that says what it prints. */
function programOf(page: string, module: string) {
  const programs = readPage(page).matchAll(/^```typescript\n(.*?)^```\n\n```\n(.*?)^```/gms)
  const found = [...programs].find(([, program = '']) => program.includes(`from '${module}'`))
  const [, program = '', output = ''] = found ?? []
  return { program, output }
}

const compile = ['tsc', '--target', 'ES2022', '--module', 'nodenext', '--strict', '--skipLibCheck'] as const
const nestDecorators = ['--experimentalDecorators', '--emitDecoratorMetadata']

test.each([
  ['NestJS', 'nest', 'guide/nestjs.md', '@nestjs/core', nestDecorators],
  ['TypeORM', 'typeorm', 'guide/classes.md', 'typeorm', []],
  ['Knex', 'knex', 'guide/databases.md', 'knex', []],
] as const)(
  'the %s application of the guide prints what the page says',
  async (_, fixture, page, module, decorators) => {
    const app = await install(fixture)
    await expectProgram(app, programOf(page, module), decorators)
  },
)

test('the Prisma application of the guide prints what the page says', async () => {
  const app = await install('prisma')
  // Generating the client runs no engine; with a path to one, Prisma downloads none.
  const generated = await app.run(
    'env',
    'PRISMA_SCHEMA_ENGINE_BINARY=/bin/true',
    'prisma',
    'generate',
    '--schema=schema.prisma',
  )
  expect(generated.code, generated.output).toBe(0)
  await expectProgram(app, programOf('guide/databases.md', './generated/client.js'))
})

/** Compiles a program in its application and compares what it prints. */
async function expectProgram(
  app: Application,
  { program, output }: ReturnType<typeof programOf>,
  decorators: readonly string[] = [],
): Promise<void> {
  app.write('main.ts', program)
  const compiled = await app.run(...compile, '--types', 'node', ...decorators, '--outDir', 'out', 'main.ts')
  expect(compiled).toEqual({ code: 0, output: '' })
  expect(await app.run('node', 'out/main.js')).toEqual({ code: 0, output })
  app.remove()
}
