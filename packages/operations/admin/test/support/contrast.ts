/** Runs in the page: the visible texts whose contrast is below 4.5, or 3 for large ones (WCAG 2.2, 1.4.3). */
export function findWeakTexts(): string[] {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })

  /** Paints the colours over each other, and reads the pixel. */
  function blend(colors: readonly string[]): readonly number[] {
    if (context === null) throw new Error('The page needs a canvas.')
    for (const color of colors) {
      context.fillStyle = color
      context.fillRect(0, 0, 1, 1)
    }
    return [...context.getImageData(0, 0, 1, 1).data]
  }

  function luminanceOf(pixel: readonly number[]): number {
    const [red = 0, green = 0, blue = 0] = pixel.map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  function groundsOf(element: Element): string[] {
    const grounds: string[] = []
    for (let at: Element | null = element; at !== null; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor)
    return ['white', ...grounds]
  }

  function contrastOf(element: Element): number {
    const style = getComputedStyle(element)
    const grounds = groundsOf(element)
    const text = luminanceOf(blend([...grounds, element instanceof SVGElement ? style.fill : style.color]))
    const ground = luminanceOf(blend(grounds))
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)
  }

  const hasText = (element: Element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
  return [...document.body.querySelectorAll('*')]
    .filter((element) => !element.matches('script, option') && hasText(element) && element.checkVisibility())
    .filter(
      (element) =>
        contrastOf(element) < (Number.parseFloat(getComputedStyle(element).fontSize) >= 24 ? 3 : 4.5),
    )
    .map(
      (element) =>
        `${contrastOf(element).toFixed(2)} ${element.tagName} ${element.textContent?.slice(0, 40)}`,
    )
}
