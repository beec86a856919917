import { type Application, source, type Variant, variants } from './http/application'

/** The process of one HTTP server: sends its port, and its cost for each message it receives. */
const applications: Readonly<
  Record<string, () => Promise<{ createApplication: (variant: Variant) => Promise<Application> }>>
> = {
  express: () => import('./http/express'),
  fastify: () => import('./http/fastify'),
  hono: () => import('./http/hono'),
  koa: () => import('./http/koa'),
}

const [framework = '', variantName] = process.argv.slice(2)
const load = applications[framework]
if (load === undefined)
  throw new Error(`framework must be one of ${Object.keys(applications).join(', ')}; got '${framework}'.`)

const variant = variants.find((name) => name === variantName)
if (variant === undefined)
  throw new Error(`variant must be one of ${variants.join(', ')}; got '${variantName}'.`)

const { createApplication } = await load()
const { listen } = await createApplication(variant)
process.send?.(await listen())

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, loads: source.loads })
})
process.once('disconnect', () => process.exit())
