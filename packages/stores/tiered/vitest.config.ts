import { defineConfig } from 'vitest/config'

// The limit ends a wait for something that never comes; none asserts a speed.
export default defineConfig({ test: { expect: { poll: { timeout: 20_000 } } } })
