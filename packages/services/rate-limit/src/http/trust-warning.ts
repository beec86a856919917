/**
 * Returns a function that warns once, at the first request, if the framework takes the address of a client from whatever the
 * client wrote into `X-Forwarded-For`: each client has as many budgets as it likes then.
 *
 * @param found the setting, such as `'trust proxy' is true`
 * @param instead what to write for it
 */
export function createTrustWarning<Request>(
  trustsClients: (request: Request) => boolean,
  found: string,
  instead: string,
): (request: Request) => void {
  let isChecked = false
  return (request) => {
    if (isChecked) return
    isChecked = true
    if (!trustsClients(request)) return
    process.emitWarning(
      `limitRequests: ${found}, so clients choose their address themselves. Name your proxies instead: ${instead}.`,
      { type: 'LarderWarning', code: 'LARDER_TRUST_PROXY' },
    )
  }
}
