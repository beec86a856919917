/**
 * How much a result of the search counts, by its address: the guide explains a word, reference and operating use it, and the
 * pages about the inside are for those who change it. VitePress sends the function's text to the browser, so it stands alone.
 */
export function boostPage(address: string): number {
  if (address.includes('/guide/')) return 4
  if (address.includes('/operate/')) return 2
  return /\/(architecture|decisions|reference\/api|benchmarks)/.test(address) ? 0.3 : 1
}
