// Carries out a topology plan in a thread of its own, which walks from namespace to namespace and then ends.
import { closeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { NETLINK_ROUTE, NetlinkSocket } from '../kernel/netlink/netlink-socket.ts';
import { createNetns, enterNetns } from '../kernel/netns/network-namespace.ts';
import { addAddress } from '../kernel/route/add-address.ts';
import { addRoute } from '../kernel/route/add-route.ts';
import { createVeth } from '../kernel/route/create-veth.ts';
import { setLinkUp } from '../kernel/route/set-link-up.ts';
import { setSysctls } from './set-sysctls.ts';
import { topologyPlan } from './thread-messages.ts';
import type { BuildAnswer, BuiltTopology, NamespacePlan, TopologyPlan } from './topology-plan.ts';

function build(plan: TopologyPlan): BuiltTopology {
  const built: { name: string; netns: number }[] = [];
  try {
    for (const namespace of plan) {
      built.push({ name: namespace.name, netns: createNetns() });
      setSysctls(namespace.sysctls);
    }
    wire(plan, built);
    return built;
  } catch (error) {
    for (const { netns } of built) closeSync(netns);
    throw error;
  }
}

function wire(plan: TopologyPlan, built: BuiltTopology): void {
  const netnsOf = new Map(built.map(({ name, netns }) => [name, netns]));
  const walk = (step: (namespace: NamespacePlan, socket: NetlinkSocket) => void): void => {
    for (const namespace of plan) inside(netnsOf.get(namespace.name) ?? -1, (socket) => step(namespace, socket));
  };
  walk((namespace, socket) => {
    for (const veth of namespace.veths) createVeth(socket, { ...veth, peerNetns: netnsOf.get(veth.peerOf) ?? -1 });
  });
  walk(configureLinks(plan));
  walk((namespace, socket) => {
    for (const route of namespace.routes) addRoute(socket, route);
    setSysctls(namespace.linkSysctls);
  });
}

function configureLinks(plan: TopologyPlan): (namespace: NamespacePlan, socket: NetlinkSocket) => void {
  return (namespace, socket) => {
    const peers = plan.flatMap(({ veths }) => veths.filter(({ peerOf }) => peerOf === namespace.name));
    const names = ['lo', ...namespace.veths.map(({ name }) => name), ...peers.map(({ peerName }) => peerName)];
    for (const name of names) setLinkUp(socket, name);
    for (const address of namespace.addresses) addAddress(socket, address);
  };
}

function inside(netns: number, step: (socket: NetlinkSocket) => void): void {
  enterNetns(netns);
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  try {
    step(socket);
  } finally {
    socket.close();
  }
}

function attempt(): BuildAnswer {
  try {
    return { ok: true, built: build(topologyPlan(workerData)) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(attempt());
