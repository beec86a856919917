#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { repository } from '../manifest/project.js'

/**
 * Stops a publication that would reach nobody in working order: by npm, which leaves `workspace:` and `catalog:` in the
 * manifest, without a build, or with links to a repository that does not exist.
 */
const { bin = {}, main } = JSON.parse(readFileSync('package.json', 'utf8'))
const missing = [main, ...Object.values(bin)].find((file) => file !== undefined && !existsSync(file))
const isPnpm = process.env.npm_config_user_agent?.startsWith('pnpm/') ?? false
if (new URL(repository).hostname.endsWith('.example'))
  fail('Set the address of the repository in packages/internal/build/manifest/project.js.')
if (!isPnpm) fail('Publish with pnpm: npm would leave "workspace:" in the dependencies.')
if (missing !== undefined) fail(`${missing} is not built. Run \`npx turbo run build types\` first.`)

/** @param {string} message */
function fail(message) {
  console.error(message)
  process.exit(1)
}
