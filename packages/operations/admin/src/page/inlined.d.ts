/** A module, bundled into the text of a browser script by `inline-script.ts`. */
declare module '*?script' {
  const script: string
  export default script
}
