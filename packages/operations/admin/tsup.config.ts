import { defineConfig } from 'tsup'
import { inlineScript } from './inline-script.ts'

export default defineConfig({ esbuildPlugins: [inlineScript] })
