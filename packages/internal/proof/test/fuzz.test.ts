// tier: slow
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../dist/fuzz.js', import.meta.url))
const fuzz = (...options: readonly string[]) =>
  promisify(execFile)(process.execPath, ['--max-old-space-size=512', script, ...options])

test('20 000 random, damaged and made-up entries, and bombs among them, break nothing in 512 MB of heap', async () => {
  const { stdout } = await fuzz('--inputs', '20000', '--bombs', '0.001')
  for (const kind of ['random', 'damaged', 'made-up', 'bomb']) expect(stdout).toContain(`| ${kind} `)
  expect(stdout).toMatch(/inputs\/s, at most \d+ MB of memory\n$/)
})

test('an invalid number of inputs is rejected with the list of options', async () => {
  await expect(fuzz('--inputs', 'many')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--bombs'),
  })
})
