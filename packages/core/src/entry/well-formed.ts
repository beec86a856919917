const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Engines of 2023 and later have a check of their own, which takes no time for most texts. */
const { isWellFormed: nativeCheck } = String.prototype as { isWellFormed?: (this: string) => boolean }

/** Whether the text has a UTF-8 form. Half of a surrogate pair has none: two texts that differ in it would become one. */
export function isWellFormed(text: string): boolean {
  return nativeCheck === undefined ? text.search(loneSurrogate) === -1 : nativeCheck.call(text)
}

/** The text with a question mark in place of each lone surrogate. */
export function withoutLoneSurrogates(text: string): string {
  return text.replace(loneSurrogate, '?')
}
