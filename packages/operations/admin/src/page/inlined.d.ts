/** A module as the text of a script for browsers. */
declare module '*?script' {
  const script: string
  export default script
}
