export { type AdminHandler, adminHandler } from './admin'
export type { Access, AdminAction, AdminOptions } from './options'
