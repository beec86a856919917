import { type Clock, systemClock } from '@larder/core'
import { runCommandLine } from '../../src/run-command-line'
import { createFakeTerminal, type FakeTerminalOptions } from './terminal'

/** The result of one command line. */
interface CommandResult {
  readonly code: number
  readonly output: string
  readonly hints: string
}

/** A terminal and a clock for one command line. */
interface LarderOptions extends FakeTerminalOptions {
  readonly clock?: Clock
}

/** Measures at a thousandth of real speed: a server that answers does so at once, however busy the machine is. Does not pause. */
export const slowClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() / 1_000,
  timeout: (_, task) => systemClock.timeout(0, task),
}

/** Runs a command line in this process. Its environment holds only the server and the name of the cache. */
export async function runLarder(
  url: string,
  argv: readonly string[],
  { clock, ...options }: LarderOptions = {},
): Promise<CommandResult> {
  const terminal = createFakeTerminal(options)
  const code = await runCommandLine(argv, { REDIS_URL: url, LARDER_NAME: 'shop' }, terminal, clock)
  return { code, output: terminal.output, hints: terminal.hints.join('\n') }
}

/** Runs a command line with `--json` and parses each line. @throws Error if the command fails. */
export async function runLarderJson(url: string, ...argv: string[]): Promise<unknown[]> {
  const { code, output, hints } = await runLarder(url, [...argv, '--json'])
  if (code !== 0) throw new Error(`Exit code ${code}: ${hints}${output}`)
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
