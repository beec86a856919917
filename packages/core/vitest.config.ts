import { defineConfig } from 'vitest/config'

// Some tests compute for long, or start a database. The limits end a test that hangs; none asserts a speed.
export default defineConfig({ test: { testTimeout: 300_000, hookTimeout: 300_000 } })
