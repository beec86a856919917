import { defineConfig } from 'vitest/config'
import { viteInlineScript } from './inline-script.ts'

export default defineConfig({
  plugins: [viteInlineScript],
  // The dashboard receives its state once a second, and a busy browser shows it later.
  test: { expect: { poll: { timeout: 10_000 } } },
})
