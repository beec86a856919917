import type { Terminal } from '../terminal/terminal'

/** The other screen of the terminal, without a cursor, and without lines that wrap. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const restOfLine = '\u001b[K'
const restOfScreen = '\u001b[J'

/** Draws over what was drawn before, without flicker. */
export function draw(out: Terminal, lines: readonly string[]): Promise<void> {
  return out.write(`${home}${lines.map((line) => `${line}${restOfLine}\r\n`).join('')}${restOfScreen}`)
}

/** Runs `work` on a screen of its own. What was there before is back afterwards, whatever happens. */
export async function onOwnScreen(out: Terminal, work: () => Promise<void>): Promise<void> {
  await out.write(enter)
  try {
    await work()
  } finally {
    await out.write(leave)
  }
}
