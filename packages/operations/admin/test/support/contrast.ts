/**
 * Runs in the page: the visible texts whose contrast is below 4.5, or 3 for large ones (WCAG 2.2, 1.4.3), and the controls
 * whose edge has less than 3 (1.4.11).
 */
export function findWeakContrasts(): string[] {
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

  /** The contrast of a colour on grounds that lie over each other. */
  function contrastOn(grounds: readonly string[], color: string): number {
    const [front, back] = [luminanceOf(blend([...grounds, color])), luminanceOf(blend(grounds))]
    return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
  }

  function describeIfWeak(element: Element, contrast: number, required: number): string[] {
    if (contrast >= required) return []
    return [`${contrast.toFixed(2)} ${element.tagName} ${element.textContent?.slice(0, 40)}`]
  }

  function rateText(element: Element): string[] {
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    )
    if (!hasText) return []
    const style = getComputedStyle(element)
    const color = element instanceof SVGElement ? style.fill : style.color
    const isLarge = Number.parseFloat(style.fontSize) >= 24
    return describeIfWeak(element, contrastOn(groundsOf(element), color), isLarge ? 3 : 4.5)
  }

  function rateEdge(element: Element): string[] {
    const isControl = element.matches('button, select, textarea, input:not([type=checkbox])')
    const style = getComputedStyle(element)
    if (!isControl || style.borderTopWidth === '0px' || element.parentElement === null) return []
    return describeIfWeak(element, contrastOn(groundsOf(element.parentElement), style.borderTopColor), 3)
  }

  return [...document.body.querySelectorAll('*')]
    .filter((element) => !element.matches('script, option') && element.checkVisibility())
    .flatMap((element) => [...rateText(element), ...rateEdge(element)])
}
