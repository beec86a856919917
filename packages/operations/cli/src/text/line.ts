import { escapeUnprintable } from './printable'

export type Colour = 'red' | 'yellow' | 'green' | 'bold'

/** A line of output, or one whose beginning has a colour. The text of both may hold unprintable characters. */
export type Line = string | ColouredLine

interface ColouredLine {
  readonly text: string
  readonly colour: Colour
  /** Characters that have the colour; by default all. */
  readonly length?: number | undefined
}

/** Select Graphic Rendition (ECMA-48, section 8.3.117). */
const codes: Readonly<Record<Colour, number>> = { bold: 1, red: 31, green: 32, yellow: 33 }

/** The line as a terminal shows it: unprintable characters are escaped, so that no key or tag can set a colour. */
export function renderLine(line: Line, hasColour: boolean): string {
  if (typeof line === 'string') return escapeUnprintable(line)
  const { text, colour, length = text.length } = line
  if (!hasColour) return escapeUnprintable(text)
  const coloured = `\u001b[${codes[colour]}m${escapeUnprintable(text.slice(0, length))}\u001b[0m`
  return coloured + escapeUnprintable(text.slice(length))
}

/** Cuts a line that is wider than the screen. */
export function truncateLine(line: Line, width: number): Line {
  if (typeof line !== 'string') return { ...line, text: truncateText(line.text, width) }
  return truncateText(line, width)
}

/** Escapes are as wide as they print, so the text is cut after escaping. */
function truncateText(text: string, width: number): string {
  const printable = escapeUnprintable(text)
  return printable.length > width ? `${printable.slice(0, Math.max(0, width - 1))}…` : printable
}

/** The heading of a table, and its rows. */
export function highlightHeading([heading = '', ...rows]: readonly string[]): Line[] {
  return [{ text: heading, colour: 'bold' }, ...rows]
}
