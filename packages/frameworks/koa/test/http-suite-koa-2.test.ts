// needs: redis
import { httpSuite } from '@larder/http-suite'
import Koa2 from 'koa-2'
import { startWith } from './support/start'

const startApplication = startWith(Koa2, (ctx, stream) => {
  // Koa 2 itself leaves a response open whose stream has failed.
  stream.once('error', () => ctx.res.destroy())
  ctx.body = stream
})

httpSuite(startApplication)
