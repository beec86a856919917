import { defineConfig } from 'vitest/config'

// Each of these tests uses all cores, and one of them says how long it takes. The limits end a test that hangs; none asserts
// a speed.
export default defineConfig({ test: { fileParallelism: false, testTimeout: 900_000 } })
