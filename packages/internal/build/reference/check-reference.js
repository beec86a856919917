#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs'
import { referencePages } from './reference-pages.js'

/** Compares the pages of the reference with the sources: `npm run reference`. With `--write` it writes them. */
const isWriting = process.argv.includes('--write')
for (const [page, text] of Object.entries(referencePages())) {
  if (isWriting) writeFileSync(page, text)
  else if (withoutLayout(readFileSync(page, 'utf8')) !== withoutLayout(text)) {
    console.error(`${page} is not what the sources say. Run \`npm run reference -- --write\`.`)
    process.exitCode = 1
  }
}

/** The formatter aligns the columns of tables. @param {string} text */
function withoutLayout(text) {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-')
}
