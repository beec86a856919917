#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatPage } from './format-page.js'
import { referencePages } from './reference-pages.js'

/** Compares the pages of the reference with the sources: `npm run reference`. With `--write` it writes them. */
const isWriting = process.argv.includes('--write')
for (const [path, text] of Object.entries(referencePages())) {
  const page = formatPage(path, text)
  if (isWriting) writePage(path, page)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
    console.error(`${path} is not what the sources say. Run \`npm run reference -- --write\`.`)
    process.exitCode = 1
  }
}

/** @param {string} path @param {string} text */
function writePage(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
