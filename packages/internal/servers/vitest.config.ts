import { defineConfig } from 'vitest/config'

// The tests start servers and processes, and wait for them. The limits end a test that hangs; none asserts a speed.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } })
