// The page behind `?`: the keys, and how to read the map and the table.
import type { Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';
import { type FrameLine, lineOf } from './frame-line.ts';
import { KEY_BINDINGS } from './top-key.ts';

export function helpLines({
  columns,
  style,
}: {
  readonly columns: number;
  readonly style: Style;
}): readonly FrameLine[] {
  const width = Math.max(...KEY_BINDINGS.map(({ keys }) => keys.length));
  const keys = KEY_BINDINGS.map(
    (binding): FrameLine => [
      { text: `  ${binding.keys.padEnd(width)}`, tone: 'strong' },
      { text: `  ${binding.does}` },
    ],
  );
  const notes = notesOf(style).flatMap((note) => wrapText(note, { width: columns, first: '  ', indent: 2 }));
  return [
    lineOf('Keys', 'strong'),
    ...keys,
    lineOf(''),
    lineOf('Reading it', 'strong'),
    ...notes.map((text) => lineOf(text)),
  ];
}

function notesOf({ symbols: { map, bars } }: Style): readonly string[] {
  const shape = map.hasDots
    ? 'as many dots as it is full, at its fullest places'
    : `${bars.slice(1).join(' ')} from few to all`;
  return [
    `The map shows all 65,536 ports from top left to bottom right. A cell is ${shape}; [ and ] stand around the range; ${map.outside} lies outside it; ${map.hurts} is claimed by others and hurts, ${map.harmless} is claimed and harmless.`,
    'NEXT LOST is the chance that the next connection or datagram finds no port. NEW counts flows that got through.',
    'A - was not measured. A quiet row has too few ports in use to be looked at closely.',
  ];
}
