import { readFileSync } from 'node:fs'

/** A file that a page shows: its name, from the comment in its first line, and its text. */
interface ShownFile {
  readonly name: string
  readonly text: string
}

/** The text of a page of the documentation: `guide/nextjs.md`. */
export function readPage(page: string): string {
  return readFileSync(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8')
}

/** The files that a page shows in TypeScript, each with its name in a comment at the beginning. */
export function filesOf(page: string): ShownFile[] {
  const blocks = readPage(page).matchAll(/^```typescript\n\/\/ (\S+)\n(.*?)^```$/gms)
  return [...blocks].map(([, name = '', text = '']) => ({ name, text }))
}
