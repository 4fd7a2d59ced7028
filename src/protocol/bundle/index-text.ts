// index.txt: what a bundle holds, for the person who unpacks it.
import { formatCount, formatInteger } from '../../core/model/number-text.ts';
import { BUNDLE_FOLDER, type BundleManifest, type NodePart } from './bundle-manifest.ts';

export type IndexSubject = Omit<BundleManifest, 'members' | 'schema'>;

const REDACTION_LINES: Readonly<Record<BundleManifest['redaction'], string>> = {
  none: 'Names and addresses are the real ones. portolan collect --redact writes a bundle with others in their place.',
  pseudonyms: 'Names and addresses stand for others, the same ones throughout (--redact).',
};

/** Facts only, and how to read them. */
export function indexText(subject: IndexSubject): string {
  return [
    `What Portolan saw of ${whatOf(subject)}`,
    '',
    `written   ${subject.at} by ${subject.tool}`,
    ...(subject.cluster === undefined
      ? []
      : [`cluster   ${subject.cluster.cluster}, ${subject.cluster.at}, in ${shortPath(subject.cluster.factsPath)}`]),
    ...subject.nodes.flatMap(nodeLines),
    '',
    REDACTION_LINES[subject.redaction],
    'It holds what was read of connections, NAT rules, claimed ports, counters and settings. No environment, no command line,',
    'no Secret, no text of any file is in it: none is ever read for it.',
    '',
    'Read it:          portolan diagnose FILE',
    'Compare two:      portolan compare BEFORE AFTER',
    'What a file means: docs/reference/bundle.md',
    '',
  ].join('\n');
}

function whatOf({ nodes, cluster }: IndexSubject): string {
  const [first] = nodes;
  const nodesText =
    nodes.length === 1 && first !== undefined ? `node ${first.node}` : formatCount(nodes.length, 'node');
  return cluster === undefined ? nodesText : `cluster ${cluster.cluster}: ${nodesText}`;
}

function nodeLines({ node, at, flows, gaps, factsPath, flowsPath, sources }: NodePart): string[] {
  return [
    `node      ${node}, ${at}: ${formatInteger(flows)} flows, ${gaps === 0 ? 'everything was seen' : `${formatCount(gaps, 'thing')} not seen`}`,
    `          in ${shortPath(factsPath)} (all but the flows) and ${shortPath(flowsPath)}`,
    `          read: ${sources.join(', ')}`,
  ];
}

function shortPath(path: string): string {
  return path.slice(BUNDLE_FOLDER.length + 1);
}
