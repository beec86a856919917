import { defineConfig } from 'vitest/config'

// Each of these tests uses all cores, and one of them says how long it takes.
export default defineConfig({ test: { fileParallelism: false } })
