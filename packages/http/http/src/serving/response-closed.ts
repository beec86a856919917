/** The response of a run was closed before its end, by its client or its handler: another request may run the handler. */
export class ResponseClosed extends Error {
  constructor() {
    super('The response was closed before its end.')
    this.name = 'ResponseClosed'
  }
}
