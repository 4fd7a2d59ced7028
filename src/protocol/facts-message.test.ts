// Facts through the message and back, and what is no message.
import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../core/model/node-facts.ts';
import { FlowTableBuilder, newFlowValues } from '../core/model/flow-table-builder.ts';
import { unknownBehaviour } from '../core/model/kernel-behaviour.ts';
import { newPortSpaceKey } from '../core/model/port-space-table.ts';
import { factsMessage } from './facts-message.ts';
import { parseFactsMessage } from './parse-facts-message.ts';

function sampleFacts(flows: number): NodeFacts {
  const builder = new FlowTableBuilder();
  const key = newPortSpaceKey();
  const flow = newFlowValues();
  for (let index = 0; index < flows; index += 1) {
    key.protocol = 6;
    key.remotePort = 443;
    key.zone = index % 2;
    key.snatAddress = builder.addresses.rowOfIpv4(1);
    key.remoteAddress = builder.addresses.rowOfIpv4(2 + (index % 3));
    flow.source = builder.addresses.rowOfIpv4(9);
    flow.id = 0xffff_0000 + index;
    flow.port = 40_000 + index;
    flow.tcpState = 3;
    builder.add(key, flow);
  }
  return {
    schema: 'portolan.dev/node-facts/v1',
    node: 'n',
    addresses: ['192.0.2.10'],
    at: '2026-01-01T00:00:00.000Z',
    behaviour: unknownBehaviour('6.1'),
    flows: builder.build(),
    flowsSource: 'ctnetlink',
    natRules: { sourceNat: [], dnatPorts: [], untrackedPorts: [] },
    claims: [],
    counters: undefined,
    arrivals: undefined,
    table: { count: 1, max: 2 },
    settings: {},
    gaps: [],
  };
}

function wire(facts: NodeFacts): { line: string; columns: Uint8Array } {
  const { head, columns } = factsMessage(facts);
  const bytes = new Uint8Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    bytes.set(column, at);
    at += column.length;
  }
  return { line: JSON.stringify(head), columns: bytes };
}

function rowsOf(facts: NodeFacts | string): readonly unknown[] {
  if (typeof facts === 'string') throw new Error(facts);
  const { flows } = facts;
  return Array.from({ length: flows.flowCount }, (_, row) => [
    flows.portSpace(flows.flows.portSpace[row] ?? 0),
    flows.address(flows.flows.source[row] ?? 0),
    flows.flows.id[row],
    flows.flows.port[row],
    flows.flows.tcpState[row],
  ]);
}

describe('the facts message', () => {
  it.each([0, 1, 7])('carries %i flows there and back', (count) => {
    const facts = sampleFacts(count);
    const { line, columns } = wire(facts);
    const read = parseFactsMessage(line, columns);
    expect(rowsOf(read)).toEqual(rowsOf(facts));
    expect(read).toMatchObject({ node: 'n', table: { count: 1, max: 2 } });
  });

  it('is refused when it is cut short at any byte, or too long', () => {
    const { line, columns } = wire(sampleFacts(5));
    for (let length = 0; length < columns.length; length += 1)
      expect(parseFactsMessage(line, columns.subarray(0, length))).toContain(`wanted ${columns.length}`);
    expect(parseFactsMessage(line, new Uint8Array(columns.length + 1))).toContain('wanted');
  });

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['no object', '3', 'no schema'],
    ['another schema', '{"schema":"x/v9"}', 'its schema is x/v9'],
    ['no facts', '{"schema":"portolan.dev/facts-message/v1"}', 'another schema'],
    ['counts that are none', JSON.stringify({ ...JSON.parse(wire(sampleFacts(1)).line), flowCount: -1 }), 'no counts'],
    ['far too many', JSON.stringify({ ...JSON.parse(wire(sampleFacts(1)).line), flowCount: 1e12 }), 'no counts'],
  ])('is refused with a reason: %s', (_, line, reason) => {
    expect(parseFactsMessage(line, new Uint8Array(0))).toContain(reason);
  });

  it('is refused when a flow points to a port space that is not there', () => {
    const { line, columns } = wire(sampleFacts(1));
    columns[0] = 9;
    expect(parseFactsMessage(line, columns)).toContain('not there');
  });
});
