// The flow mix as text, as `conntrack -L` prints it.
import { closeSync, openSync, writeSync } from 'node:fs';
import { type MixFlow, NODE_ADDRESS, flowMix } from './flow-mix.ts';

/** Writes the mix as `conntrack -L` prints it. */
export function writeFlowText(file: string, flows: number): void {
  const fd = openSync(file, 'w');
  let lines: string[] = [];
  for (const flow of flowMix(flows)) {
    if (lines.push(lineOf(flow)) < 4096) continue;
    writeSync(fd, lines.join(''));
    lines = [];
  }
  writeSync(fd, lines.join(''));
  closeSync(fd);
}

function lineOf(flow: MixFlow): string {
  const { source, sourcePort, destination, destinationPort, snatPort } = flow;
  const head = flow.protocol === 6 ? 'tcp      6 3599 ESTABLISHED' : 'udp      17 119';
  const back = snatPort === undefined ? source : NODE_ADDRESS;
  const original = `src=${dotted(source)} dst=${dotted(destination)} sport=${sourcePort} dport=${destinationPort}`;
  const reply = `src=${dotted(destination)} dst=${dotted(back)} sport=${destinationPort} dport=${snatPort ?? sourcePort}`;
  return `${head} ${original} ${reply} [ASSURED] mark=0 use=1\n`;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
