import { serveExpress } from './express'
import { serveFastify } from './fastify'
import { serveHono } from './hono'
import { serveKoa } from './koa'

/** The guide in each framework, by name. */
export const frameworks = {
  Express: serveExpress,
  Fastify: serveFastify,
  Hono: serveHono,
  Koa: serveKoa,
} as const
