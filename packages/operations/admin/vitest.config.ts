import { defineConfig } from 'vitest/config'
import { viteInlineScript } from './inline-script.ts'

// A page shows what it is told when the browser gets to it. The limits end a test that hangs; none asserts a speed.
const test = { testTimeout: 120_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } }

export default defineConfig({ plugins: [viteInlineScript], test })
