import { defineConfig } from 'vitest/config'

// Some tests compute for long. The limits end a test that hangs; none asserts a speed.
export default defineConfig({ test: { testTimeout: 300_000 } })
