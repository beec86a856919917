import { defineConfig } from 'vitest/config'
import { viteInlineScript } from './inline-script.ts'

export default defineConfig({ plugins: [viteInlineScript] })
