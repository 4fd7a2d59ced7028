// What was seen on the nodes of a change: one row each, and the one line that counts.
import type { ChangeJournal, NodeResult } from '../../core/advice/change/change.ts';
import { formatCount, formatInteger, formatNumber } from '../number-text.ts';
import type { Style } from '../style.ts';

/** `worker-3   rule ✓  new flows in range ✓ 212/212  Felix ready ✓ 2.9 s`. */
export function formatResult(result: NodeResult, style: Style): string {
  const { ok, critical, unknown } = style.symbols;
  const { node, outcome, evidence, seconds, flowsInside, flowsSeen } = result;
  const time = `${formatNumber(seconds)} s`;
  if (outcome === 'failed') return `${node}   ${critical} ${evidence}   ${time}`;
  if (outcome === 'not-verified') return `${node}   ${unknown} not looked at`;
  if (outcome === 'felix-only') return `${node}   ${unknown} kernel not seen  Felix ${ok} (${evidence})   ${time}`;
  if (!evidence.startsWith('rule')) return `${node}   ${evidence} ${ok}   ${time}`;
  return `${node}   rule ${ok}  ${flowsText({ flowsInside, flowsSeen }, style)}  ${evidence.includes('Felix ready') ? `Felix ready ${ok}` : `Felix ${unknown} not seen`}   ${time}`;
}

function flowsText(
  { flowsInside, flowsSeen }: { readonly flowsInside: number | undefined; readonly flowsSeen: number | undefined },
  { symbols: { ok, unknown } }: Style,
): string {
  if (flowsSeen === undefined || flowsInside === undefined) return `new flows ${unknown} not read`;
  if (flowsSeen === 0) return `new flows ${unknown} none came`;
  return `new flows in range ${ok} ${formatInteger(flowsInside)}/${formatInteger(flowsSeen)}`;
}

/** `8 of 8 nodes verified in 41 s. 3,204 connections still on old ports (normal).` */
export function outcomeText({ nodes, verify }: ChangeJournal, seconds: number): string {
  const count = (outcome: NodeResult['outcome']): number => nodes.filter((each) => each.outcome === outcome).length;
  const [verified, byFelix] = [count('verified'), count('felix-only')];
  const took = `in ${formatNumber(seconds)} s`;
  if (verify === 'none') return `Done ${took}; nothing was verified, as asked: portolan verify looks.`;
  const noun = nodes.some(({ node }) => node.includes(' ')) ? 'workload' : 'node';
  const all = `${formatInteger(verified + byFelix)} of ${formatCount(nodes.length, noun)}`;
  const how =
    byFelix === 0
      ? `${all} verified ${took}.`
      : verified === 0
        ? `${all} by Felix's own word ${took}; their kernels were not seen.`
        : `${all} ${took}: ${formatInteger(verified)} verified in the kernel, ${formatInteger(byFelix)} by Felix's own word.`;
  const old = nodes.reduce((sum, { oldFlows = 0 }) => sum + oldFlows, 0);
  return old === 0 ? how : `${how} ${formatCount(old, 'connection')} still on old ports (normal).`;
}

/** Whether all was seen that was to be seen. */
export function isSeenAsAsked({ nodes, verify }: ChangeJournal): boolean {
  return verify !== 'rules' || nodes.every(({ outcome }) => outcome === 'verified');
}
