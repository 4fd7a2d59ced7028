// What crosses between the lab's threads, given its type back: structured clones arrive as unknown.
import type { HostStart, HostTasks, TaskAnswer, TaskName, TaskRequest } from './host-tasks.ts';
import type { BuildAnswer, TopologyPlan } from './topology-plan.ts';

/** workerData of host-worker.ts; Host is its only sender. */
export function hostStart(data: unknown): HostStart {
  return data as HostStart;
}

/** What host-worker.ts receives; Host.run is the only sender and types it. */
export function taskRequest(message: unknown): TaskRequest {
  return message as TaskRequest;
}

/** What host-worker.ts answers. */
export function taskAnswer(message: unknown): TaskAnswer {
  return message as TaskAnswer;
}

/** The result inside an answer to a task of this name. */
export function taskResult<Name extends TaskName>(_name: Name, result: unknown): HostTasks[Name]['result'] {
  return result as HostTasks[Name]['result'];
}

/** workerData of build-worker.ts. */
export function topologyPlan(data: unknown): TopologyPlan {
  return data as TopologyPlan;
}

/** What build-worker.ts answers. */
export function buildAnswer(message: unknown): BuildAnswer {
  return message as BuildAnswer;
}
