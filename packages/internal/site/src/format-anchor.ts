/** The anchor of a heading, as GitHub makes it, so that a link is right in both places. */
export function formatAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}
