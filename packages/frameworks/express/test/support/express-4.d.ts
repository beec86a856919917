/** The parts that the tests use are those of Express 5. */
declare module 'express-4' {
  import express from 'express'
  export default express
}
