// A screen like the live view's drawn by ink, for comparison: ten frames a second in which a third of the lines change.
// Started by top-frame.ts on a terminal; arguments: how many frames, where the measurement goes, the folder ink is installed in.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [, , frames, report, folder] = process.argv;
const { resolve } = createRequire(join(folder, 'package.json'));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const start = performance.now();
const { createElement } = (await load('react')).default;
const { Box, Text, render } = await load('ink');
const importMilliseconds = performance.now() - start;

const COLUMNS = 100;
const ROWS = 36;
const Line = ({ text, color }) =>
  createElement(
    Box,
    null,
    createElement(Text, { color }, text.slice(0, 40)),
    createElement(Text, null, text.slice(40)),
  );
const View = ({ frame }) =>
  createElement(
    Box,
    { flexDirection: 'column' },
    Array.from({ length: ROWS }, (_, row) => {
      const figure = row % 3 === 0 ? frame * 37 + row : row;
      const text = `tcp 203.0.113.${row}:443   CHURN   ${figure}/32,768   1 in 22`.padEnd(COLUMNS - 1);
      return createElement(Line, { key: row, text, color: row % 2 === 0 ? 'green' : 'yellow' });
    }),
  );

const app = render(createElement(View, { frame: 0 }), { patchConsole: false });
const before = process.cpuUsage();
for (let frame = 1; frame <= Number(frames); frame += 1) {
  app.rerender(createElement(View, { frame }));
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const { user, system } = process.cpuUsage(before);
app.unmount();
const cpuMilliseconds = (user + system) / 1000 / Number(frames);
writeFileSync(
  report,
  JSON.stringify({ importMilliseconds, cpuMilliseconds, residentBytes: process.memoryUsage().rss }),
);
