import { defineConfig } from 'vitest/config'

// Some tests live through months in steps of minutes. The limits end a test that hangs; none asserts a speed.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } })
