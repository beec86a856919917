export { lz4 } from './lz4'
