import { httpCache } from '@larder/express'
import type { HttpCacheOptions } from '@larder/http'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import type { Request } from 'express'
import { Observable } from 'rxjs'

/** Runs behind the guards of a route, so a stored response is sent to those only who may have it. */
export class ResponseCacheInterceptor implements NestInterceptor {
  readonly responses: ReturnType<typeof httpCache>

  constructor(options: HttpCacheOptions<Request>) {
    this.responses = httpCache(options)
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp()
    return new Observable((subscriber) => {
      this.responses(http.getRequest(), http.getResponse(), (error) => {
        if (error === undefined) next.handle().subscribe(subscriber)
        else subscriber.error(error)
      })
    })
  }
}
