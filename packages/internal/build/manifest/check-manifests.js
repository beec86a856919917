#!/usr/bin/env node
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { completeManifest } from './complete-manifest.js'

/**
 * Compares the package.json of every published package with what project.js and its entry points ask for, and names those
 * that differ: `npm run manifests`. With `--write` it completes them.
 */
const isWriting = process.argv.includes('--write')
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'packages/*package.json'], {
  encoding: 'utf8',
})
const incomplete = listed.trim().split('\n').filter(isIncomplete)
if (incomplete.length > 0 && !isWriting) {
  console.error(`Not complete: ${incomplete.join(', ')}. Run \`npm run manifests -- --write\`.`)
  process.exitCode = 1
}

/** @param {string} path */
function isIncomplete(path) {
  const text = readFileSync(path, 'utf8')
  const manifest = JSON.parse(text)
  if (manifest.private) return false
  const completed = completeManifest(manifest, dirname(path))
  if (JSON.stringify(completed) === JSON.stringify(manifest)) return false
  if (isWriting) writeFileSync(path, `${JSON.stringify(completed, undefined, 2)}\n`)
  return true
}
