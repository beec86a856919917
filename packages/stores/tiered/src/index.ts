export { tieredStore } from './tiered-store'
