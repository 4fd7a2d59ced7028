// One panel of a plot: time from left to right, counts from 0 upwards.
import { formatInteger } from '../number-text.ts';
import { momentText } from './sim-words.ts';
import { svgElement, svgPoints, svgText } from './svg-text.ts';

export const PLOT_LEFT = 80;
export const PLOT_RIGHT = 930;

export interface PlotPanel {
  readonly top: number;
  readonly bottom: number;
  /** Counts with a line across; the last is the top. */
  readonly ticks: readonly number[];
  /** Seconds with a label below. */
  readonly times: readonly number[];
  readonly endSeconds: number;
}

export function panelX(seconds: number, { endSeconds }: PlotPanel): number {
  return PLOT_LEFT + (seconds / endSeconds) * (PLOT_RIGHT - PLOT_LEFT);
}

export function panelY(value: number, { top, bottom, ticks }: PlotPanel): number {
  return bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top);
}

/** Grid, labels of both axes, and what the panel shows. */
export function panelFrame(panel: PlotPanel, label: string): string[] {
  return [
    svgText('text', { x: PLOT_LEFT, y: panel.top - 22, class: 'faint' }, label),
    ...panel.ticks.flatMap((tick) => {
      const y = panelY(tick, panel);
      return [
        svgElement('line', { x1: PLOT_LEFT, x2: PLOT_RIGHT, y1: y, y2: y, class: tick === 0 ? 'axis' : 'grid' }),
        svgText('text', { x: PLOT_LEFT - 8, y: y + 4, class: 'end' }, formatInteger(tick)),
      ];
    }),
    ...panel.times.map((time) =>
      svgText('text', { x: panelX(time, panel), y: panel.bottom + 18, class: 'middle' }, momentText(time)),
    ),
  ];
}

/** A value per sample as a line; `index` is its place in PLOT_LINES. */
export function panelLine(
  values: readonly number[],
  { index, panel, seconds }: { readonly index: number; readonly panel: PlotPanel; readonly seconds: readonly number[] },
): string {
  const points = values.map((value, sample): [number, number] => [
    panelX(seconds[sample] ?? 0, panel),
    panelY(value, panel),
  ]);
  return svgElement('polyline', { class: `line s${index}`, points: svgPoints(points) });
}
