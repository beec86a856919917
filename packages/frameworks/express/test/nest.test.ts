import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCache } from '@larder/core'
import { sendRequest } from '@larder/http-suite'
import { memoryStore } from '@larder/memory'
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Module,
  Param,
  Put,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Request } from 'express'
import { expect, test } from 'vitest'
import { ResponseCacheInterceptor } from './support/response-cache-interceptor'

/** Lets in who says a name, and remembers it. */
class NameGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { user?: string | undefined }>()
    request.user = request.get('x-user')
    if (request.user === undefined) throw new UnauthorizedException()
    return true
  }
}

const cache = createCache({ name: 'test', store: memoryStore() })
let runs = 0

class JobsController {
  async find(id: string): Promise<{ id: string; run: number }> {
    runs += 1
    if (id === 'broken') throw new Error('The handler failed.')
    return { id, run: await cache.getOrCompute(`job ${id}`, () => runs, { tags: [`job:${id}`] }) }
  }

  rename(): object {
    return {}
  }
}

/** Decorates without the syntax of decorators, which the compiler of the tests does not take. */
function decorateController(): void {
  const { prototype } = JobsController
  const decorate = (name: 'find' | 'rename', ...decorators: MethodDecorator[]) => {
    for (const apply of decorators)
      apply(prototype, name, Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor)
  }
  decorate('find', Get('jobs/:id'), UseGuards(NameGuard))
  Param('id')(prototype, 'find', 0)
  decorate('rename', Put('jobs/:id'))
  Controller()(JobsController)
}

async function startNest(scope: 'public' | 'private') {
  class AppModule {}
  decorateController()
  Module({ controllers: [JobsController] })(AppModule)
  const app = await NestFactory.create(AppModule, { logger: false })
  const user = (request: Request) => (request as Request & { user?: string | undefined }).user
  app.useGlobalInterceptors(new ResponseCacheInterceptor({ cache, ttl: '1m', scope, user }))
  await app.listen(0, '127.0.0.1')
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo
  return {
    async get(target: string, name?: string) {
      const { status, body } = await sendRequest(port, target, {
        headers: name === undefined ? {} : { 'x-user': name },
      })
      return [status, JSON.parse(body)]
    },
    put: (target: string) => sendRequest(port, target, { method: 'PUT' }),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

test('the interceptor of the guide answers behind the guards of a route', async () => {
  runs = 0
  await using app = await startNest('public')
  expect(await app.get('/jobs/7', 'ada')).toEqual([200, { id: '7', run: 1 }])
  expect(await app.get('/jobs/7', 'bob')).toEqual([200, { id: '7', run: 1 }])
  expect((await app.get('/jobs/7'))[0]).toBe(401)
  expect(runs).toBe(1)
})

test('the interceptor of the guide knows the user that a guard has identified', async () => {
  runs = 0
  await using app = await startNest('private')
  for (const name of ['ada', 'bob', 'ada', 'bob']) expect((await app.get('/jobs/8', name))[0]).toBe(200)
  expect(runs).toBe(2)
})

test('with the interceptor of the guide, a response ends with its data, and with a write to its path', async () => {
  runs = 0
  await using app = await startNest('public')
  expect(await app.get('/jobs/9', 'ada')).toEqual([200, { id: '9', run: 1 }])
  await cache.invalidate('job:9')
  expect(await app.get('/jobs/9', 'ada')).toEqual([200, { id: '9', run: 2 }])
  await app.put('/jobs/9')
  await app.get('/jobs/9', 'ada')
  expect(runs).toBe(3)
})

test('with the interceptor of the guide, an exception is answered by Nest, and not stored', async () => {
  runs = 0
  await using app = await startNest('public')
  for (let request = 1; request <= 2; request += 1) {
    expect((await app.get('/jobs/broken', 'ada'))[0]).toBe(500)
    expect(runs).toBe(request)
  }
})

test('the guide shows the interceptor that these tests run', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const code = read('./support/response-cache-interceptor.ts')
  expect(read('../../../../docs/guide/express.md')).toContain(`\`\`\`ts\n${code}\`\`\``)
})
