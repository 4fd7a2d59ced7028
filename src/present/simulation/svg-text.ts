// Pieces of SVG as text: elements with escaped attributes and contents.

export type SvgAttributes = Readonly<Record<string, string | number>>;

/** An element; `children` are elements already. */
export function svgElement(name: string, attributes: SvgAttributes, children: readonly string[] = []): string {
  const shown = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(numberText(value))}"`);
  const open = `<${name}${shown.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('\n')}</${name}>`;
}

/** An element that holds words. */
export function svgText(name: string, attributes: SvgAttributes, text: string): string {
  return svgElement(name, attributes, [escapeXml(text)]);
}

/** Points of a line: `0,10 5,12.3`. */
export function svgPoints(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${numberText(x)},${numberText(y)}`).join(' ');
}

/** Text that cannot end the element or the attribute it stands in; characters that XML 1.0 forbids are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A tenth of a pixel is all that shows. */
function numberText(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 10) / 10);
}
