import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { svgElement, svgText } from './svg-text.ts';

describe('svgText', () => {
  it('cannot be left by what it holds', () => {
    expect(svgText('text', { x: 1.234 }, '</text><script>&"')).toBe(
      '<text x="1.2">&lt;/text&gt;&lt;script&gt;&amp;&quot;</text>',
    );
  });

  it('holds no character that XML 1.0 forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const element = svgText('title', {}, `${text}\u0000\uD800\uFFFF`);
        expect(element).toMatch(/^<title>[^<>"]*<\/title>$/);
        expect(element).not.toMatch(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u);
      }),
      { seed: 1 },
    );
  });
});

describe('svgElement', () => {
  it('escapes attributes', () => expect(svgElement('g', { class: '"><x' })).toBe('<g class="&quot;&gt;&lt;x"/>'));
});
