// Prometheus' text read back, by a reader that shares nothing with the writer.

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Series by name with labels as the line gives them, undone from their escapes. */
export function parseExposition(text: string): Map<string, Series[]> {
  const series = new Map<string, Series[]>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const head = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (head === null) throw new Error(`not a sample: ${line}`);
    const labels: Record<string, string> = {};
    for (const [, name = '', value = ''] of (head[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gs))
      labels[name] = value.replaceAll(/\\(.)/gs, (_, each: string) => (each === 'n' ? '\n' : each));
    const list = series.get(head[1] ?? '') ?? [];
    list.push({ labels, value: Number(head[3]) });
    series.set(head[1] ?? '', list);
  }
  return series;
}
