import { defineConfig } from 'vitest/config'

// The tests load a database, start processes and compile. The limits end a test that hangs; none asserts a speed.
export default defineConfig({ test: { testTimeout: 300_000, hookTimeout: 300_000 } })
