import type { Terminal } from '../terminal/terminal'
import { type Line, renderLine } from '../text/line'

/** Switches to the alternate screen of the terminal, without a cursor and without line wrapping. */
const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const leaveScreen = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const moveHome = '\u001b[H'
const clearToEndOfLine = '\u001b[K'
const clearToEndOfScreen = '\u001b[J'

/** Overwrites the previous lines in place. Clearing the screen first would flicker. */
export function drawLines(terminal: Terminal, lines: readonly Line[]): Promise<void> {
  const text = lines.map((line) => `${renderLine(line, terminal.hasColour)}${clearToEndOfLine}\r\n`).join('')
  return terminal.write(`${moveHome}${text}${clearToEndOfScreen}`)
}

/** Runs `work` on the alternate screen, and restores the previous screen afterwards, also if `work` fails. */
export async function withAlternateScreen(terminal: Terminal, work: () => Promise<void>): Promise<void> {
  await terminal.write(enterScreen)
  try {
    await work()
  } finally {
    await terminal.write(leaveScreen)
  }
}
