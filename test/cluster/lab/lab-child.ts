// Program: holds one lab for the test that started it and performs what it orders. It ends with that test, and the lab with it.
import type { Host } from '../../../src/lab/host.ts';
import { Lab, type LabNode, setRange } from '../../../src/lab/lab.ts';
import {
  type HostPicture,
  type LabAnswer,
  type LabOrder,
  type LabPicture,
  sentOrder,
  taskArguments,
} from './lab-messages.ts';

const hosts = new Map<string, Host>();
const nodes = new Map<string, LabNode>();

process.on('message', (message: unknown) => {
  const { id, order } = sentOrder(message);
  void answer(id, order).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));

async function answer(id: number, order: LabOrder): Promise<LabAnswer> {
  try {
    return { id, ok: true, result: await perform(order) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function perform(order: LabOrder): Promise<unknown> {
  if (order.do === 'build') return build(order.options);
  if (order.do === 'set-range') return setRange(known(nodes, order.node), order.nat);
  return known(hosts, order.host).run(order.name, ...taskArguments(order.name, order.args));
}

async function build(options: Parameters<typeof Lab.build>[0]): Promise<LabPicture> {
  const lab = await Lab.build(options);
  for (const node of lab.nodes) nodes.set(node.name, node);
  return {
    fabric: picture(lab.fabric),
    servers: lab.servers.map(({ addresses, host }) => ({ ...picture(host), addresses })),
    nodes: lab.nodes.map(({ address, flavour, host, pods }) => ({
      ...picture(host),
      address,
      flavour,
      pods: pods.map((pod) => ({ ...picture(pod.host), address: pod.address })),
    })),
  };
}

function picture(host: Host): HostPicture {
  hosts.set(host.name, host);
  return { host: host.name, netns: host.netns };
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no ${name} in this lab`);
  return value;
}
