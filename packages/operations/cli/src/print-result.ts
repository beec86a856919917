import type { CommandContext } from './command'
import { type Line, renderLine } from './text/line'
import { toPrintableJson } from './text/printable'

/** Prints `data` as one line of JSON with `--json`, otherwise `lines`. Control characters are escaped in both. */
export async function printResult(
  { args, terminal }: Pick<CommandContext, 'args' | 'terminal'>,
  data: unknown,
  lines: () => readonly Line[],
): Promise<void> {
  if (args.hasFlag('json')) return terminal.write(`${toPrintableJson(data)}\n`)
  const text = lines().map((line) => `${renderLine(line, terminal.hasColour)}\n`)
  if (text.length > 0) await terminal.write(text.join(''))
}
