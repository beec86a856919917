export { httpCache } from './http-cache'
export { type MountOptions, mount } from './mount'
