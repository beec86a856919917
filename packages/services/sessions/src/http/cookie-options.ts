import {
  booleanKind,
  checkOptions,
  choiceKind,
  type Duration,
  durationKind,
  kindOf,
  LarderError,
  type OptionTable,
  toMs,
} from '@larder/core'

/** Options of `loadSessions`: the cookie that holds the id of a session. */
export interface SessionCookieOptions {
  /**
   * Sign the cookie: the first one signs, and all are accepted, so that a new one is put before the old one. At least 32
   * characters each.
   */
  readonly secrets: string | readonly string[]
  /** The name of the cookie, after `__Host-`. @defaultValue 'session' */
  readonly cookieName?: string | undefined
  /** How long the browser keeps the cookie. @defaultValue until it is closed */
  readonly maxAge?: Duration | undefined
  /** `strict` also leaves out the cookie when somebody follows a link to the site. @defaultValue 'lax' */
  readonly sameSite?: 'lax' | 'strict' | undefined
  /**
   * Only over HTTPS. `false` is for `http://localhost` in a browser without exception for it: the name loses `__Host-`, and
   * `NODE_ENV=production` refuses it.
   * @defaultValue true
   */
  readonly secure?: boolean | undefined
}

/** The options with their defaults. */
export interface SessionCookie {
  readonly name: string
  readonly secrets: readonly string[]
  /** The attributes after the value in `Set-Cookie`, all but `Max-Age`. */
  readonly attributes: string
  /** Seconds; undefined until the browser is closed. */
  readonly maxAge: number | undefined
}

const shortestSecret = 32

const cookieTable: OptionTable<SessionCookieOptions> = {
  secrets: kindOf(
    `one or several texts of at least ${shortestSecret} characters, such as [process.env.SESSION_SECRET]`,
    (value) => {
      const secrets = Array.isArray(value) ? value : [value]
      return (
        secrets.length > 0 &&
        secrets.every((secret) => typeof secret === 'string' && secret.length >= shortestSecret)
      )
    },
  ),
  cookieName: kindOf(
    "a name of letters, digits, '-' and '_', such as 'session'",
    (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
  ),
  maxAge: durationKind,
  sameSite: choiceKind('lax', 'strict'),
  secure: booleanKind,
}

/** @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead. */
export function resolveCookie(options: SessionCookieOptions): SessionCookie {
  checkOptions('loadSessions', options ?? {}, cookieTable)
  if (options?.secrets === undefined)
    throw new LarderError(
      'BAD_OPTION',
      'loadSessions needs secrets: loadSessions(sessions, { secrets: [process.env.SESSION_SECRET] }).',
    )
  const { secrets, cookieName = 'session', maxAge, sameSite = 'lax', secure = true } = options
  if (!secure && process.env.NODE_ENV === 'production')
    throw new LarderError(
      'BAD_OPTION',
      'loadSessions: secure: false sends sessions over HTTP, which NODE_ENV=production does not allow. Leave it out.',
    )
  const site = sameSite === 'lax' ? 'Lax' : 'Strict'
  return {
    name: secure ? `__Host-${cookieName}` : cookieName,
    secrets: typeof secrets === 'string' ? [secrets] : secrets,
    attributes: `; Path=/; HttpOnly; SameSite=${site}${secure ? '; Secure' : ''}`,
    maxAge: maxAge === undefined ? undefined : Math.ceil(toMs(maxAge, 'maxAge') / 1_000),
  }
}
