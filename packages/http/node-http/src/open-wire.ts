import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { openHttp1Wire } from './http1-wire'
import { openHttp2Wire } from './http2-wire'
import type { OnHead, Wire } from './wire'

/** Observes the last step of a response before the network, for HTTP/1 and HTTP/2. */
export function openWire(res: ServerResponse, onHead: OnHead): Wire {
  return 'stream' in res
    ? openHttp2Wire(res as unknown as Http2ServerResponse, onHead)
    : openHttp1Wire(res, onHead)
}
