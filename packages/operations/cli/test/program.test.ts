import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, type Shop } from './support/shop'

const program = fileURLToPath(new URL('../dist/larder.js', import.meta.url))
const exec = promisify(execFile)

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
  const entries = Array.from({ length: 5_000 }, (_, at) => [`a key that takes its room ${at}`, at] as const)
  await shop.cache.setMany(entries, { tags: ['t'] })
})
afterAll(() => shop[Symbol.asyncDispose]())

const environment = () => ({ ...process.env, REDIS_URL: shop.server.url, LARDER_NAME: 'shop' })

/** Runs the built program. */
async function larder(...argv: string[]) {
  try {
    const { stdout, stderr } = await exec(process.execPath, [program, ...argv], { env: environment() })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

function start(...argv: string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [program, ...argv], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return child as ChildProcess & { stdout: NodeJS.ReadableStream }
}

test('the built program does what it is told, and ends by itself', async () => {
  const stats = await larder('stats', '--json')
  expect(JSON.parse(stats.stdout)).toMatchObject({ name: 'shop', entries: { count: 5_000 } })
  expect(stats).toMatchObject({ code: 0, stderr: '' })
  expect((await larder('keys', '--all')).stdout.trim().split('\n')).toHaveLength(5_000)
  expect(await larder('get', 'a key that takes its room 7', '--value')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\n7\n$/),
  })
  expect((await larder('doctor')).stdout).toMatch(/\nok +rights /)
  expect((await larder('watch', '--json', '--for', '50ms')).stdout).toContain('"type":"sample"')
})

test('its exit code tells a failure from a command line that cannot be meant', async () => {
  expect(await larder('stats', '--name', 'other')).toMatchObject({ code: 1, stdout: '' })
  expect(await larder('stat')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('larder stats'),
  })
  expect(await larder('clear')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
})

test('a reader that goes away ends it quietly', async () => {
  const line = `{ "${process.execPath}" "${program}" keys --all; echo "exit code $?" >&2; } | head -1`
  const { stdout, stderr } = await exec('sh', ['-c', line], { env: environment() })
  expect(stdout).toMatch(/^a key that takes its room \d+\n$/)
  expect(stderr).toBe('exit code 0\n')
})

test('Ctrl-C ends a watch with exit code 0', async () => {
  const child = start('watch', '--json')
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

test('invalidate reaches a process that runs', async () => {
  expect(await larder('invalidate', 't')).toMatchObject({ code: 0, stderr: '' })
  expect(await shop.cache.get('a key that takes its room 7', { consistency: 'strong' })).toBeUndefined()
})

test('it can be started by the name that the package gives it', async () => {
  const { bin } = (await import('../package.json', { with: { type: 'json' } })).default
  expect(join(program, '..', '..', bin.larder)).toBe(program)
  const { stdout } = await exec(program, ['--help'])
  expect(stdout).toContain('Usage: larder')
})
