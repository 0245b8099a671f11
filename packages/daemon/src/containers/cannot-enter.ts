/** A program that could not be started in a container: what a person looks at next. */
import { RequestError } from '@pilotty/protocol';
import type { Place } from './place.ts';

export const SEE: Readonly<Record<Place['runtime'], string>> = {
  docker: "'docker ps' lists the containers that run.",
  podman: "'podman ps' lists the containers that run.",
  kubectl: "'kubectl get pods -A' lists the pods; the container is named as kubectl:POD/CONTAINER@NAMESPACE.",
  nsenter: "'lsns' lists the namespaces and their processes; to enter those of others takes root.",
};

export function cannotEnter(
  program: string,
  place: string,
  why: string,
  more: { suggestion?: string } = {},
): RequestError {
  return new RequestError('SPAWN_FAILED', `Cannot start '${program}' in ${place}: ${why}`, more);
}
