/** Fields that hand a credential to one client: cookies, and tokens by definition (RFC 9110 §11.6) or by convention. */
const credentialFields =
  /^(?:set-cookie|authorization|authentication-info|(?:x-)?(?:access|auth|csrf|xsrf|refresh|session)-token)$/

/** Whether a response field hands a credential to one client, so that no other must receive it. */
export function handsOutCredential(name: string): boolean {
  return credentialFields.test(name)
}
