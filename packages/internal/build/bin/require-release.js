#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { repository } from '../manifest/project.js'

/**
 * Stops a publication that would reach nobody in working order: by npm, which leaves `workspace:` and `catalog:` in the
 * manifest, without a build, or with links to a repository that does not exist. Prints every reason.
 */
const { bin = {}, main } = JSON.parse(readFileSync('package.json', 'utf8'))
const missing = [main, ...Object.values(bin)].filter((file) => file !== undefined && !existsSync(file))
const reasons = missing.map((file) => `${file} is not built. Run \`npx turbo run build types\` first.`)
if (new URL(repository).hostname.endsWith('.example'))
  reasons.push('Set the address of the repository in packages/internal/build/manifest/project.js.')
if (!process.env.npm_config_user_agent?.startsWith('pnpm/'))
  reasons.push('Publish with pnpm: npm would leave "workspace:" in the dependencies.')
for (const reason of reasons) console.error(reason)
if (reasons.length > 0) process.exitCode = 1
