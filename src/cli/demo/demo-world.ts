// The node that the demo's story happens to: built of kernel namespaces (lab-world.ts) or simulated (simulated-world.ts).
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { Style } from '../../present/style.ts';
import type { Watched } from '../watched.ts';
import type { ConnectFigures } from './connect-figures.ts';

export const PODS = 3;
export const REMOTE_PORT = 443;
/** Connects in one burst, all at the same time. */
export const BURST = 60;
/** A client that gives up after 3 s has sent SYNs at 0, 1 and 2 s (at 0 and 1 s before Linux 6.5). */
export const PATIENCE_SECONDS = 3;
/** Connects per second that go on while the node is being looked at, and how long each of them waits. */
export const BACKGROUND = { perSecond: 100, patienceSeconds: 1.5 } as const;
/** What a step does, where the worlds do it differently. Sentences without a full stop. */
export interface DemoHeadings {
  readonly build: string;
  readonly hold: string;
  readonly connectAgain: string;
  readonly widen: (range: PortRange) => string;
}

export interface DemoWorld {
  /** Stands before every heading and screen of a world that is not real; empty in the real one. */
  readonly label: string;
  readonly headings: DemoHeadings;
  readonly pods: number;
  readonly remoteAddress: string;
  /** Connects from one pod, all at once. */
  connect(): Promise<ConnectFigures>;
  /** Lets long-lived connections hold nearly every port of the range. @returns what came of it. */
  holdPorts(): Promise<string>;
  /** Changes the masquerade range; connections that exist keep their ports. @returns what came of it. */
  setRange(range: PortRange): Promise<string>;
  /** Ends the long-lived connections, and lets the NAT forget every connection so far. */
  endOldConnections(): Promise<void>;
  /** Looks at the node while a pod keeps connecting. */
  look(watched: Watched): Promise<NodeFacts>;
  /** The last lines: how the figures came about, after `seconds` of real time, and what to do next. */
  ending(seconds: number, style: Style): readonly string[];
  /** Lets go of everything that was built. */
  close(): Promise<void>;
}
