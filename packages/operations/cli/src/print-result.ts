import type { CommandContext } from './command'
import { escapeUnprintable, toPrintableJson } from './text/printable'

/** Prints `data` as one line of JSON with `--json`, otherwise `lines`. Control characters are escaped in both. */
export async function printResult(
  { args, terminal }: Pick<CommandContext, 'args' | 'terminal'>,
  data: unknown,
  lines: () => readonly string[],
): Promise<void> {
  if (args.hasFlag('json')) return terminal.write(`${toPrintableJson(data)}\n`)
  const text = lines().map((line) => `${escapeUnprintable(line)}\n`)
  if (text.length > 0) await terminal.write(text.join(''))
}
