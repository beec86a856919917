export { createLocalSessions, createSessions } from './create-sessions'
export type { SaveResult, Session } from './session'
export type {
  CreateSessionOptions,
  RevokeAllOptions,
  Sessions,
  SessionsStats,
  SessionView,
  UserSession,
} from './sessions'
export type { LocalSessionsOptions, MigrationOptions, SessionsOptions } from './sessions-options'
