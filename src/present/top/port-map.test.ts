import { describe, expect, it } from 'vitest';
import type { ClaimInRange } from '../../core/analysis/diagnosis.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { PortSet } from '../../core/model/port-set.ts';
import { TCP } from '../../core/model/protocol.ts';
import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from '../symbols.ts';
import { type PortMapOptions, portMapLines, portsPerCell } from './port-map.ts';

function occupied(...ranges: readonly PortRange[]): PortSet {
  const ports = new PortSet();
  for (const { first, last } of ranges) for (let port = first; port <= last; port += 1) ports.add(port);
  return ports;
}

function claim(first: number, last = first, hurts = false): ClaimInRange {
  const what = { kind: 'listener', protocol: TCP, ports: { first, last }, owner: 'x', source: 'sock_diag' } as const;
  return { claim: what, hurts, truth: '' };
}

const BASE: PortMapOptions = {
  occupied: occupied(),
  range: { first: 32_768, last: 65_535 },
  claims: [],
  symbols: UNICODE_SYMBOLS,
  columns: 80,
  rows: 16,
};

/** The map as text without the labels. */
function draw(options: Partial<PortMapOptions>): string[] {
  return portMapLines({ ...BASE, ...options }).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .slice(6),
  );
}

/** The cell of a port in a map of 64 x 16. */
function cell(options: Partial<PortMapOptions>, port: number): string {
  return draw(options)[port >> 12]?.[1 + ((port & 4095) >> 6)] ?? '';
}

describe('the map of all ports', () => {
  it('has every port in exactly one cell, whatever the size', () => {
    for (const columns of [60, 80, 200])
      for (const rows of [4, 8, 16, 32] as const) {
        const lines = portMapLines({ ...BASE, columns, rows });
        const across = (lines[0]?.map(({ text }) => text).join('').length ?? 0) - 8;
        expect(lines).toHaveLength(rows);
        expect(across * rows * portsPerCell({ columns, rows })).toBe(65_536);
        expect(across + 8).toBeLessThanOrEqual(columns);
      }
  });

  it('labels each row with its first port', () => {
    const labels = portMapLines(BASE).map((line) =>
      Number(
        line
          .map(({ text }) => text)
          .join('')
          .slice(0, 5),
      ),
    );
    expect(labels).toEqual(Array.from({ length: 16 }, (_, row) => row * 4096));
  });

  it('shows a single port as one dot in its place, and eight dots only when every port is used', () => {
    expect(cell({ occupied: occupied({ first: 40_960, last: 40_960 }) }, 40_960)).toBe('⠁');
    expect(cell({ occupied: occupied({ first: 41_023, last: 41_023 }) }, 40_960)).toBe('⢀');
    expect(cell({ occupied: occupied({ first: 40_960, last: 41_022 }) }, 40_960)).toBe('⡿');
    expect(cell({ occupied: occupied({ first: 40_960, last: 41_023 }) }, 40_960)).toBe('⣿');
    expect(cell({ occupied: occupied({ first: 40_960, last: 40_991 }) }, 40_960)).toBe('⡇');
    expect(cell({ occupied: occupied({ first: 40_960, last: 41_023 }) }, 41_024)).toBe(' ');
  });

  it('without braille shows how full a cell is', () => {
    const symbols = ASCII_SYMBOLS;
    expect(cell({ symbols, occupied: occupied({ first: 40_960, last: 40_960 }) }, 40_960)).toBe('.');
    expect(cell({ symbols, occupied: occupied({ first: 40_960, last: 40_991 }) }, 40_960)).toBe('=');
    expect(cell({ symbols, occupied: occupied({ first: 40_960, last: 41_022 }) }, 40_960)).toBe('#');
    expect(cell({ symbols, occupied: occupied({ first: 40_960, last: 41_023 }) }, 40_960)).toBe('@');
  });

  it('puts brackets around the range, in the margin where the range fills its row', () => {
    const whole = draw({});
    expect(whole[8]?.[0]).toBe('[');
    expect(whole[15]?.at(-1)).toBe(']');
    const inside = draw({ range: { first: 40_000, last: 40_511 } });
    expect(inside[9]).toBe(` ${'·'.repeat(48)}[${' '.repeat(8)}]${'·'.repeat(6)} `);
    expect(inside.join('').match(/[[\]]/g)).toHaveLength(2);
  });

  it('marks nothing as outside when the range is not known', () => {
    expect(draw({ range: undefined }).join('').trim()).toBe('');
  });

  it('shows ports in use outside the range', () => {
    expect(cell({ occupied: occupied({ first: 1024, last: 1024 }) }, 1024)).toBe('⠁');
  });

  it('marks both ends of a claimed stretch and leaves what lies between', () => {
    const options = { claims: [claim(40_960, 41_215)], occupied: occupied({ first: 41_024, last: 41_087 }) };
    expect([40_960, 41_024, 41_088, 41_152].map((port) => cell(options, port))).toEqual(['◇', '⣿', ' ', '◇']);
  });

  it('takes neighbouring claims as one stretch, and lets one that hurts win its cell', () => {
    const many = Array.from({ length: 256 }, (_, index) => claim(40_960 + index));
    expect(draw({ claims: many }).join('').match(/◇/g)).toHaveLength(2);
    expect(cell({ claims: [claim(40_960, 40_960, true), claim(40_961)] }, 40_960)).toBe('◆');
    expect(cell({ claims: [claim(40_961), claim(40_962, 40_962, true)] }, 40_960)).toBe('◆');
  });

  it('has a mark of its own for everything in ASCII', () => {
    const claims = [claim(40_960), claim(50_000, 50_000, true)];
    const text = draw({ claims, symbols: ASCII_SYMBOLS }).join('\n');
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(new Set(text)).toEqual(new Set([' ', '\n', '_', '[', ']', 'o', '!']));
  });
});
