import { expect, test, vi } from 'vitest'
import { runCommandLine } from '../src/run-command-line'
import { createProcessTerminal } from '../src/terminal/process-terminal'
import { highlightHeading, renderLine } from '../src/text/line'
import { createFakeTerminal } from './support/terminal'

/** Port 1 refuses connections, which doctor reports as a failed check. */
async function diagnoseNothing(hasColour: boolean): Promise<string> {
  const terminal = createFakeTerminal({ isScreen: hasColour, hasColour })
  await runCommandLine(['doctor', '--name', 'shop'], { REDIS_URL: 'redis://127.0.0.1:1' }, terminal)
  return terminal.output
}

test('the status of a failed check is red on a terminal, and plain in a pipe', async () => {
  expect(await diagnoseNothing(true)).toContain('\u001b[31mfail\u001b[0m  connection  Cannot use Redis')
  expect(await diagnoseNothing(false)).toMatch(/^fail {2}connection {2}Cannot use Redis/)
})

test('a heading is bold, and no text of a line can set a colour', () => {
  const lines = highlightHeading(['tag  entries', 'a\u001b[31mb  1'])
  expect(lines.map((line) => renderLine(line, true))).toEqual([
    '\u001b[1mtag  entries\u001b[0m',
    'a\\u001b[31mb  1',
  ])
})

test.each([
  [{}, true, true],
  [{}, undefined, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, true, false],
] as const)('with the variables %j and isTTY %j, colour is %j', (variables, isTTY, expected) => {
  vi.stubEnv('NO_COLOR', undefined)
  vi.stubEnv('TERM', 'xterm')
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const before = process.stdout.isTTY
  Object.assign(process.stdout, { isTTY })
  expect(createProcessTerminal().hasColour).toBe(expected)
  Object.assign(process.stdout, { isTTY: before })
  vi.unstubAllEnvs()
})
