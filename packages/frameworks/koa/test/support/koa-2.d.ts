/** The parts that the tests use are those of Koa 3. */
declare module 'koa-2' {
  import Koa from 'koa'
  export default Koa
}
