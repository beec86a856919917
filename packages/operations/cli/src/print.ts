import type { Context } from './command'
import { printable, printableJson } from './text/printable'

/** Writes an answer: as one line of JSON, or as lines for people. Nothing in it can control the terminal. */
export async function print(
  { args, out }: Pick<Context, 'args' | 'out'>,
  data: unknown,
  lines: () => readonly string[],
): Promise<void> {
  if (args.flag('json')) return out.write(`${printableJson(data)}\n`)
  const text = lines().map((line) => `${printable(line)}\n`)
  if (text.length > 0) await out.write(text.join(''))
}
