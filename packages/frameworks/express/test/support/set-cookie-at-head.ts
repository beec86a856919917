import type express from 'express'

/** Sets a cookie when the head is written, as sessions do: by replacing `writeHead`. */
export const setCookieAtHead: express.RequestHandler = (_req, res, next) => {
  const { writeHead } = res
  let isSet = false
  res.writeHead = function writeHeadWithCookie(this: typeof res, ...args: never[]) {
    if (!isSet) res.appendHeader('set-cookie', 'session=1')
    isSet = true
    return Reflect.apply(writeHead, this, args)
  } as typeof writeHead
  next()
}
