// needs: redis
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '@larder/servers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openShop, type Shop } from './support/shop'

const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const program = inPackage('dist/larder.js')
const execute = promisify(execFile)

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
  const entries = Array.from(
    { length: 5_000 },
    (_, index) => [`a key of some length ${index}`, index] as const,
  )
  // In small batches: on a busy machine one large write could exceed the socket timeout of the store.
  for (let start = 0; start < entries.length; start += 500)
    await shop.cache.setMany(entries.slice(start, start + 500), { tags: ['t'] })
})
afterAll(() => shop[Symbol.asyncDispose]())

/** Without NODE_PATH: programs that pnpm starts find all packages of the workspace there. */
const createEnvironment = () => ({
  ...process.env,
  NODE_PATH: '',
  REDIS_URL: shop.server.url,
  LARDER_NAME: 'shop',
})

/** Runs the built program to its end. */
const runProgram = (...argv: string[]) => runFile(program, argv)

async function runFile(file: string, argv: readonly string[]) {
  try {
    const { stdout, stderr } = await execute(process.execPath, [file, ...argv], {
      env: createEnvironment(),
      cwd: dirname(file),
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

function startProgram(...argv: string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [program, ...argv], {
    env: createEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return child as ChildProcess & { stdout: NodeJS.ReadableStream }
}

test('every reading command of the built program works and exits by itself', async () => {
  const stats = await runProgram('stats', '--json')
  expect(JSON.parse(stats.stdout)).toMatchObject({ name: 'shop', entries: { count: 5_000 } })
  expect(stats).toMatchObject({ code: 0, stderr: '' })
  expect((await runProgram('keys', '--all')).stdout.trim().split('\n')).toHaveLength(5_000)
  expect(await runProgram('get', 'a key of some length 7', '--value')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\n7\n$/),
  })
  expect((await runProgram('doctor')).stdout).toMatch(/\nok +rights /)
  expect((await runProgram('watch', '--json', '--for', '50ms')).stdout).toContain('"type":"sample"')
})

test('the exit code is 1 for a failed command and 2 for an invalid command line', async () => {
  expect(await runProgram('stats', '--name', 'other')).toMatchObject({ code: 1, stdout: '' })
  expect(await runProgram('stat')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('larder stats'),
  })
  expect(await runProgram('clear')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
})

test('a service whose package is not installed says what to install', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => folder.remove())
  for (const path of ['dist', 'node_modules/@larder']) mkdirSync(folder.file(path), { recursive: true })
  for (const file of ['package.json', 'dist/larder.js']) copyFileSync(inPackage(file), folder.file(file))
  for (const name of ['@larder/core', '@larder/redis', 'ioredis'])
    symlinkSync(inPackage(`node_modules/${name}`), folder.file(`node_modules/${name}`))
  expect(await runFile(folder.file('dist/larder.js'), ['sessions'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm install @larder/sessions'),
  })
})

test('a reader that closes the pipe ends the program without an error', async () => {
  const line = `{ "${process.execPath}" "${program}" keys --all; echo "exit code $?" >&2; } | head -1`
  const { stdout, stderr } = await execute('sh', ['-c', line], { env: createEnvironment() })
  expect(stdout).toMatch(/^a key of some length \d+\n$/)
  expect(stderr).toBe('exit code 0\n')
})

test('output that cannot be written ends the program with a message and exit code 1', async () => {
  const line = `"${process.execPath}" "${program}" keys > /dev/full; echo "exit code $?" >&2`
  const { stderr } = await execute('sh', ['-c', line], { env: createEnvironment() })
  expect(stderr).toMatch(/^larder: The output cannot be written: ENOSPC.*\nexit code 1\n$/)
})

test('hints that cannot be written change no exit code', async () => {
  const line = `"${process.execPath}" "${program}" stat 2> /dev/full; echo "exit code $?"`
  const { stdout } = await execute('sh', ['-c', line], { env: createEnvironment() })
  expect(stdout).toBe('exit code 2\n')
})

test('Ctrl-C ends a watch with exit code 0', async () => {
  const child = startProgram('watch', '--json')
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

test('invalidate reaches a running process', async () => {
  expect(await runProgram('invalidate', 't')).toMatchObject({ code: 0, stderr: '' })
  expect(await shop.cache.get('a key of some length 7', { consistency: 'strong' })).toBeUndefined()
})

test('the file that package.json names as its program is executable', async () => {
  const { bin } = (await import('../package.json', { with: { type: 'json' } })).default
  expect(join(program, '..', '..', bin.larder)).toBe(program)
  const { stdout } = await execute(program, ['--help'])
  expect(stdout).toContain('Usage: larder')
})
