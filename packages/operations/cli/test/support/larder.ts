import { runCommandLine } from '../../src/run-command-line'
import { createFakeTerminal, type FakeTerminalOptions } from './terminal'

/** The result of one command line. */
interface CommandResult {
  readonly code: number
  readonly output: string
  readonly hints: string
}

/** Runs a command line in this process. Its environment holds only the server and the name of the cache. */
export async function runLarder(
  url: string,
  argv: readonly string[],
  options?: FakeTerminalOptions,
): Promise<CommandResult> {
  const terminal = createFakeTerminal(options)
  const code = await runCommandLine(argv, { REDIS_URL: url, LARDER_NAME: 'shop' }, terminal)
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
