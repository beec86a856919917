export { type AdminHandler, adminHandler } from './admin-handler'
export type { Access, ActionTargets, AdminAction, AdminOptions } from './options'
