import { defineConfig } from 'vitest/config'

// Each of these tests uses all cores, and one of them measures its duration.
export default defineConfig({ test: { fileParallelism: false } })
