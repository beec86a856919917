import { escapeUnprintable } from './printable'

/** A longer cell does not widen its column: one long tag would push the figures of all others off the screen. */
const maxWidth = 60

/**
 * Formats rows as lines, each column as wide as its widest cell. The last column is not padded. Unprintable characters are
 * escaped, which makes them wider.
 */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const printable = rows.map((row) => row.map(escapeUnprintable))
  const widths: number[] = []
  for (const row of printable)
    for (const [column, { length }] of row.entries())
      if (length <= maxWidth) widths[column] = Math.max(widths[column] ?? 0, length)
  return printable.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
