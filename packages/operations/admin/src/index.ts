export { type AdminHandler, adminHandler } from './admin-handler'
export type { Access, AdminAction, AdminOptions } from './options'
