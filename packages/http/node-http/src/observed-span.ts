import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { type OriginHead, toOriginHead } from '@larder/http'
import { fieldsOfHead, fromRecord } from './head-fields'

/** The part of a response's way that is observed: fields that layers in front of the cache set belong to the request. */
export interface ObservedSpan {
  /** Fields that were set before the cache passed the request on. */
  readonly fieldsBefore: OutgoingHttpHeaders
  /** The fields as the handler left them, once it is done. */
  readonly fieldsAfter?: (() => OutgoingHttpHeaders | undefined) | undefined
}

/** The handler's head, made by a call of `writeHead` with these arguments. */
export function readOriginHead(
  res: ServerResponse,
  args: readonly unknown[],
  { fieldsBefore, fieldsAfter }: ObservedSpan,
): OriginHead {
  const after = fieldsAfter?.()
  return toOriginHead(Number(args[0]) | 0, fieldsOfHead(res, args), {
    before: fromRecord(fieldsBefore),
    after: after && fromRecord(after),
  })
}
